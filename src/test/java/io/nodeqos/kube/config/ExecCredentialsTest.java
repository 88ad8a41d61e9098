// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecCredentialsTest {
  private static final Instant START = Instant.parse("2026-11-03T10:00:00Z");

  private Instant now = START;
  private int runs;
  private int rotations;
  private Optional<Duration> life = Optional.of(Duration.ofMinutes(15));
  private IOException fails;
  private String token = "one";
  private ClientIdentity identity;
  private final List<Runnable> background = new ArrayList<>();

  private final ExecCredentials credentials =
      new ExecCredentials(this::run, time(), background::add, () -> rotations++);

  private TimeSource time() {
    return TimeSource.of(() -> now, () -> Duration.between(START, now).toNanos());
  }

  private ExecPlugin.Answer run() throws IOException {
    runs++;
    if (fails != null) {
      throw fails;
    }
    return new ExecPlugin.Answer(new Credential("Bearer " + token, identity), life.map(now::plus));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void runBackground() {
    List<Runnable> due = List.copyOf(background);
    background.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void credentialIsRenewedInTheBackgroundBeforeItExpires() throws IOException {
    Credential first = credentials.current();
    pass(Duration.ofMinutes(11));
    assertSame(first, credentials.current());
    assertEquals(0, background.size());
    pass(Duration.ofMinutes(1));
    assertSame(first, credentials.current());
    assertSame(first, credentials.current());
    assertEquals(1, background.size(), "one renewal is enough");

    token = "two";
    runBackground();

    assertEquals("Bearer two", credentials.current().authorization());
    assertEquals(2, runs);
  }

  @Test
  void expiredCredentialIsReplacedBeforeTheRequest() throws IOException {
    credentials.current();
    pass(Duration.ofHours(1));
    token = "two";

    assertEquals("Bearer two", credentials.current().authorization());
    assertEquals(2, runs);
  }

  @Test
  void credentialWithoutExpiryIsKept() throws IOException {
    life = Optional.empty();
    Credential first = credentials.current();
    pass(Duration.ofDays(400));

    assertSame(first, credentials.current());
    assertEquals(0, background.size());
  }

  @Test
  void pluginWithItsOwnCacheIsNotRunInALoop() throws IOException {
    credentials.current();
    Instant end = START.plus(life.get());
    for (int second = 0; second < 900; second++) {
      pass(Duration.ofSeconds(1));
      life = Optional.of(Duration.between(now, end));
      credentials.current();
      runBackground();
    }

    assertTrue(runs > 1 && runs < 12, runs + " runs");
  }

  @Test
  void pluginWithAnExpiredCredentialIsNotRunForEachRequest() throws IOException {
    life = Optional.of(Duration.ofMinutes(-1));
    for (int i = 0; i < 100; i++) {
      credentials.current();
      runBackground();
      pass(Duration.ofMillis(100));
    }

    assertTrue(runs <= 3, runs + " runs");
  }

  @Test
  void refusedCredentialIsReplacedOnce() throws IOException {
    Credential first = credentials.current();
    token = "two";
    Credential second = credentials.after401(first);

    assertEquals("Bearer two", second.authorization());
    assertSame(second, credentials.after401(first), "another request with the old one");
    assertSame(second, credentials.current());
    assertEquals(2, runs);
    assertSame(second, credentials.after401(second), "at once the plug-in is not asked again");
    assertEquals(2, runs);
    pass(ExecCredentials.PAUSE);
    token = "three";
    assertEquals("Bearer three", credentials.after401(second).authorization());
  }

  @Test
  void sameTokenIsNotTriedAgain() throws IOException {
    Credential first = credentials.current();

    assertSame(first, credentials.after401(first));
    assertNotSame(first, credentials.current());
  }

  @Test
  void failureIsReportedAndThePluginIsNotRunForEachRequest() throws IOException {
    fails = new IOException("why");
    for (int i = 0; i < 10; i++) {
      assertEquals("why", assertThrows(IOException.class, credentials::current).getMessage());
    }
    assertEquals(1, runs);
    pass(ExecCredentials.PAUSE);
    fails = null;

    assertEquals("Bearer one", credentials.current().authorization());
  }

  @Test
  void failedRenewalKeepsTheCredential() throws IOException {
    Credential first = credentials.current();
    fails = new IOException("why");
    pass(Duration.ofMinutes(13));
    assertSame(first, credentials.current());
    runBackground();
    assertSame(first, credentials.current());
    assertSame(first, credentials.after401(first));
    assertEquals(0, background.size(), "a pause comes first");
    pass(ExecCredentials.PAUSE);
    fails = null;
    credentials.current();
    runBackground();

    assertNotSame(first, credentials.current());
  }

  @Test
  void connectionsAreClosedOnlyForANewCertificate() throws Exception {
    identity = ClientIdentity.parse(TestPki.pem("sec1.crt"), TestPki.pem("sec1.key"));
    Credential first = credentials.current();
    token = "two";
    Credential second = credentials.after401(first);
    assertEquals(0, rotations);
    pass(ExecCredentials.PAUSE);
    identity = ClientIdentity.parse(TestPki.pem("pkcs1.crt"), TestPki.pem("pkcs1.key"));
    credentials.after401(second);

    assertEquals(1, rotations);
  }
}
