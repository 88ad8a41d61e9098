#!/usr/bin/env bash
# The check of a policy repository: no cluster, no credentials. Run it in the directory of the repository; NODEQOS
# is the command nodeqos, such as hack/nodeqos of a clone. Replace --nodes by --dump fleet.tar.gz to test against
# the nodes of a real cluster.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
${NODEQOS:-nodeqos} simulate --nodes 200,gpu=20% -f policies/ --for 30m --join 50@5/s \
  --what-if agent=cilium,topology.kubernetes.io/zone=demo-a --what-if restart --what-if delete=gpu \
  --expect expectations.yaml --junit "${JUNIT:-/tmp/simulate-junit.xml}"
