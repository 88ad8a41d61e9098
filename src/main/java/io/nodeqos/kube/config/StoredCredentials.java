// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Credentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token, password or client certificate of a kubeconfig or a service account. Files are read again
 * every 50 s and after a 401 ({@code transport/token_source.go} of client-go 1.37: a minute less 10
 * s), as the kubelet and others replace them; while a file cannot be read, its last content stays
 * in use.
 */
public final class StoredCredentials implements CredentialSource {
  private static final Logger LOG = LoggerFactory.getLogger(StoredCredentials.class);
  private static final Duration REREAD_INTERVAL = Duration.ofSeconds(50);

  private final UserCredentials user;
  private final TimeSource time;
  private final Runnable identityChanged;
  private final ReentrantLock reading = new ReentrantLock();

  private volatile Credential current;
  private volatile long readNanos;

  /**
   * @param identityChanged closes the connections that were made with another certificate
   */
  public StoredCredentials(UserCredentials user, TimeSource time, Runnable identityChanged) {
    this.user = user;
    this.time = time;
    this.identityChanged = identityChanged;
  }

  @Override
  public Credential current() throws IOException {
    Credential held = current;
    if (held == null) {
      reading.lock();
      try {
        if (current == null) {
          take(read());
        }
        return current;
      } finally {
        reading.unlock();
      }
    }
    if (hasFiles() && time.since(readNanos).compareTo(REREAD_INTERVAL) >= 0 && reading.tryLock()) {
      try {
        readAgain();
      } finally {
        reading.unlock();
      }
    }
    return current;
  }

  @Override
  public Credential after401(Credential refused) {
    reading.lock();
    try {
      if (current == refused && hasFiles()) {
        readAgain();
      }
      return current;
    } finally {
      reading.unlock();
    }
  }

  private boolean hasFiles() {
    return user.tokenFile().isPresent() || user.certificate().isFile() || user.key().isFile();
  }

  private void readAgain() {
    try {
      Credential fresh = read();
      if (!fresh.sameAs(current)) {
        take(fresh);
      }
    } catch (IOException e) {
      LOG.warn("Credentials not read again, keeping the previous ones: {}", e.getMessage());
    }
    readNanos = time.nanos();
  }

  private void take(Credential fresh) {
    Credential before = current;
    current = fresh;
    readNanos = time.nanos();
    if (before != null && fresh.hasOtherIdentity(before)) {
      identityChanged.run();
    }
  }

  private Credential read() throws IOException {
    return new Credential(authorization(), identity());
  }

  private String authorization() throws IOException {
    if (user.hasToken()) {
      return Credential.bearer(token());
    }
    return user.hasBasic()
        ? Credentials.basic(
            user.basic().username(), user.basic().password(), StandardCharsets.UTF_8)
        : "";
  }

  private String token() throws IOException {
    if (user.tokenFile().isEmpty()) {
      return user.token();
    }
    try {
      String token = Files.readString(user.tokenFile().get()).strip();
      if (!token.isEmpty()) {
        return token;
      }
    } catch (IOException e) {
      if (user.token().isEmpty()) {
        throw new IOException("the token file " + user.tokenFile().get() + " cannot be read", e);
      }
    }
    if (user.token().isEmpty()) {
      throw new IOException("the token file " + user.tokenFile().get() + " is empty");
    }
    return user.token();
  }

  private ClientIdentity identity() throws IOException {
    if (!user.certificate().isPresent()) {
      return null;
    }
    try {
      return ClientIdentity.parse(user.certificate().read(), user.key().read());
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the client certificate of %s with the key of %s cannot be used: %s"
              .formatted(user.certificate().describe(), user.key().describe(), e.getMessage()),
          e);
    }
  }
}
