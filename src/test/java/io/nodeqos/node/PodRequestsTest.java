// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.PodRequests.InitContainer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodRequestsTest {
  private static Resources cpu(long milli) {
    return new Resources(milli, 0, 0);
  }

  @Test
  void sumsContainersAndOverhead() {
    assertEquals(cpu(350), PodRequests.effective(List.of(), List.of(cpu(100), cpu(200)), cpu(50)));
  }

  @Test
  void anInitContainerCountsOnlyAsThePeak() {
    assertEquals(
        cpu(500),
        PodRequests.effective(
            List.of(new InitContainer(cpu(500), false), new InitContainer(cpu(400), false)),
            List.of(cpu(100)),
            Resources.NONE));
  }

  @Test
  void aSidecarRunsBesideTheContainersAndLaterInitContainers() {
    List<InitContainer> init =
        List.of(
            new InitContainer(cpu(300), false),
            new InitContainer(cpu(100), true),
            new InitContainer(cpu(350), false));
    assertEquals(cpu(450), PodRequests.effective(init, List.of(cpu(200)), Resources.NONE));
    assertEquals(cpu(500), PodRequests.effective(init, List.of(cpu(400)), Resources.NONE));
  }
}
