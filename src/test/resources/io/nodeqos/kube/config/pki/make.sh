#!/bin/bash
# Made the files here, once: keys and certificates for tests, of no use elsewhere. Valid for 100 years.
set -euo pipefail
cd "$(dirname "$0")"
days=36500
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -days $days -subj /CN=test-ca -out ca.crt
sign() { # NAME SUBJECT [SUBJECT_ALT_NAME]
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days $days -out "$1.crt" \
    ${3:+-extfile <(echo "subjectAltName=$3")}
}
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out named.key
sign named /CN=named DNS:kubernetes.default
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out loopback.key
sign loopback /CN=loopback DNS:localhost,IP:127.0.0.1,IP:::1
openssl ecparam -name secp384r1 -genkey -out sec1-with-parameters.key
sign sec1-with-parameters /O=test/CN=sec1-with-parameters
openssl ecparam -name prime256v1 -genkey -noout -out sec1.key
sign sec1 /O=test/CN=sec1
openssl genrsa -traditional -out pkcs1.key 2048
sign pkcs1 /O=test/CN=pkcs1
openssl pkcs8 -topk8 -nocrypt -in pkcs1.key -out pkcs8-rsa.key
sign pkcs8-rsa /O=test/CN=pkcs8-rsa
openssl genpkey -algorithm ED25519 -out ed25519.key
sign ed25519 /O=test/CN=ed25519
openssl pkcs8 -topk8 -in sec1.key -passout pass:secret -out encrypted.key
openssl rsa -traditional -aes128 -passout pass:secret -in pkcs1.key -out encrypted-pkcs1.key
rm -f ca.key ca.srl ./*.csr
