// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.informer.CacheStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the objects of a cache may be trusted. */
class CacheUsabilityTest {
  private final FakeTime time = new FakeTime();
  private final List<Boolean> changes = new ArrayList<>();
  private final CacheStatus status =
      new CacheStatus(
          "pods of namespace storage",
          "https://api",
          time.source(),
          new CacheStatus.Listener() {
            @Override
            public void statusChanged() {
              changes.add(usable());
            }

            @Override
            public void relisted() {}
          },
          new Cache<SlimObject<String>>());

  private boolean usable() {
    return status.usable();
  }

  @BeforeEach
  void fill() {
    listIsHandedOn();
    changes.clear();
  }

  private void listIsHandedOn() {
    status.listed("10", Map.of());
    status.handedOn();
  }

  private static SlimObject<String> pod(String namespace, String name, String version) {
    V1ObjectMeta meta = new V1ObjectMeta();
    meta.setNamespace(namespace);
    meta.setName(name);
    meta.setResourceVersion(version);
    return new SlimObject<>(meta, "");
  }

  private void fails(int code) {
    status.failed(new ApiFailure(code, "", "HTTP " + code, Duration.ZERO), Duration.ZERO, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void refusedCacheIsUnusableUntilALaterListIsHandled(int code) {
    fails(code);
    assertFalse(usable());
    assertTrue(status.needsList(), "a watch alone shows the past at first");

    status.watching();
    status.heard();
    assertFalse(usable(), "by watch");
    SlimObject<String> pod = pod("storage", "p", "15");
    status.listed("20", Map.of("storage/p", pod));
    assertFalse(usable(), "the list was read");
    assertFalse(status.needsList(), "it is on its way");
    status.handedOn();
    assertFalse(usable(), "the informer has it");
    status.handled(pod);

    assertTrue(usable());
    assertEquals(List.of(false, true), changes);
  }

  @Test
  void refusalDuringAListMakesTheCacheUnusable() {
    fails(403);
    status.listed("20", Map.of());
    fails(403);
    status.handedOn();

    assertFalse(usable());
  }

  @Test
  void singleUnauthorizedAnswerChangesNothing() {
    fails(401);
    time.advance(Duration.ofSeconds(2));
    fails(401);
    status.watching();
    time.advance(Duration.ofSeconds(20));
    fails(401);

    assertTrue(usable());
    assertEquals(List.of(), changes);
  }

  @Test
  void lastingUnauthorizedAnswersMakeTheCacheUnusable() {
    fails(401);
    time.advance(Duration.ofSeconds(9));
    fails(401);
    assertTrue(usable());
    time.advance(Duration.ofSeconds(1));
    fails(401);

    assertFalse(usable());
    listIsHandedOn();
    assertTrue(usable());
  }

  @Test
  void otherFailureRestartsTheCountOfUnauthorizedAnswers() {
    fails(401);
    time.advance(Duration.ofSeconds(9));
    fails(503);
    time.advance(Duration.ofSeconds(9));
    fails(401);

    assertTrue(usable());
  }
}
