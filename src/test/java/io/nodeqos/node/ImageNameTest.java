// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io/library/nginx:latest",
    "nginx:1.27, docker.io/library/nginx:1.27",
    "team/app, docker.io/team/app:latest",
    "registry.k8s.io/pause:3.10, registry.k8s.io/pause:3.10",
    "localhost:5000/app, localhost:5000/app:latest",
    "host:5000/a/b:v1, host:5000/a/b:v1",
    "nginx@sha256:abc, docker.io/library/nginx@sha256:abc",
    "nginx:1.27@sha256:abc, docker.io/library/nginx@sha256:abc",
    "index.docker.io/library/nginx:1, docker.io/library/nginx:1",
  })
  void normalizesAsRuntimesDo(String ref, String full) {
    assertEquals(full, ImageName.normalized(ref));
  }

  @Test
  void nodeStatusAndStartedContainersOfUnfinishedPodsAreEvidence() {
    List<String> refs = List.of("nginx:1.27", "example.com/cni:v1", "example.com/csi:v1");
    assertEquals(
        List.of("example.com/csi:v1"),
        ImageName.missing(
            refs,
            node("a").image("docker.io/library/nginx:1.27").build(),
            List.of(pod("cni", true), pod("csi", false, "Failed", false, Resources.NONE))));
  }
}
