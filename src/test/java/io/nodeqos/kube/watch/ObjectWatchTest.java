// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.watch.ObjectWatch.End;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectWatchTest {
  private static final String GPU = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/gpu";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SimCluster cluster = new SimCluster();
  private ObjectWatch<PolicyObject> watch;

  @BeforeEach
  void prepare(@TempDir Path directory) {
    cluster.installPolicyDefinition();
    cluster.policy("gpu");
    watch =
        new ObjectWatch<>(
            TestClients.watch(directory, cluster.url()),
            CacheSource.policies().named("gpu"),
            TimeSource.system());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private String version() {
    return cluster.get(GPU).getAsJsonObject("metadata").get("resourceVersion").getAsString();
  }

  @Test
  void deletionBetweenReadAndWatchIsSeen() throws IOException {
    String read = version();
    cluster.delete(GPU);
    assertEquals(End.DELETED, watch.follow(read, LONG, policy -> true));
  }

  @Test
  void changesBetweenReadAndWatchAreSeenOnce() throws IOException {
    String read = version();
    cluster.merge(GPU, "{\"spec\":{\"priority\":2}}");
    cluster.merge(GPU, "{\"spec\":{\"priority\":3}}");
    cluster.policy("other");
    List<Long> seen = new ArrayList<>();
    End end =
        watch.follow(
            read,
            LONG,
            policy -> {
              seen.add(policy.meta().generation());
              return policy.meta().generation() == 3;
            });
    assertEquals(End.SEEN, end);
    assertEquals(List.of(2L, 3L), seen);
    assertEquals(End.SEEN, watch.follow("", LONG, policy -> policy.meta().generation() == 3));
  }

  @Test
  void endsWithItsTime() throws IOException {
    assertEquals(End.CLOSED, watch.follow("", Duration.ofMillis(300), policy -> false));
  }
}
