// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.PodView;
import io.nodeqos.node.Resources;
import io.nodeqos.node.Toleration;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodCodecTest {
  private static final long MI = 1024 * 1024;

  private final PodCodec codec = new PodCodec(new Interning());

  @Test
  void everythingADecisionDependsOnIsRead() throws IOException {
    PodView pod = Samples.decode(codec, Samples.read("pod.json"));

    assertEquals("kube-system", pod.namespace());
    assertEquals("cilium-x7k2p", pod.name());
    assertEquals("worker-17", pod.nodeName());
    assertEquals("ds-uid-1", pod.ownerUid(), "the controller, not just any owner");
    assertEquals(
        Map.of("k8s-app", "cilium", "controller-revision-hash", "59c5d8f6b"), pod.labels());
    assertEquals(
        new PodView.State("Running", true, Instant.parse("2026-10-03T08:16:00Z"), false),
        pod.state());
    assertEquals(
        Set.of(
            "quay.io/cilium/cilium:v1.18.0",
            "quay.io/cilium/cilium@sha256:abcd",
            "quay.io/cilium/envoy:v1"),
        pod.images());
    assertEquals(
        List.of(
            new Toleration("", true, "", ""),
            new Toleration("example.com/dedicated", false, "db", "NoExecute")),
        pod.tolerations());
  }

  @Test
  void theRequestIsThePeakOfInitialisingPlusOverhead() throws IOException {
    PodView pod = Samples.decode(codec, Samples.read("pod.json"));

    // The first init container asks for a whole core, more than sidecar and container together.
    assertEquals(new Resources(1000 + 50, (128 + 32 + 16) * MI, 1024 * MI), pod.requests());
  }

  @Test
  void podLevelResourcesReplaceTheSumOfTheContainersButNotTheOverhead() throws IOException {
    String json =
        Samples.read("pod.json")
            .replace(
                "\"hostNetwork\": true,",
                "\"resources\": {\"requests\": {\"cpu\": \"3\"}, \"limits\": {\"memory\": \"2Gi\"}},");

    assertEquals(
        new Resources(3000 + 50, (128 + 32 + 16) * MI, 1024 * MI),
        Samples.decode(codec, json).requests());
  }

  @Test
  void aResizeThatIsUnderWayCountsAsTheLargestOfItsAmounts() throws IOException {
    String shrinking =
        Samples.read("pod.json")
            .replace("{\"requests\": {\"cpu\": \"200m\"}}", "{\"requests\": {\"cpu\": \"2\"}}");
    assertEquals(
        2000 + 100 + 50,
        Samples.decode(codec, shrinking).requests().cpuMilli(),
        "the container in force, the sidecar and the overhead");

    String sidecar =
        Samples.read("pod.json")
            .replace(
                "\"qosClass\":",
                "\"initContainerStatuses\": [{\"name\": \"proxy\", \"image\": \"not-kept\","
                    + " \"allocatedResources\": {\"cpu\": \"1500m\"}}], \"qosClass\":");
    PodView pod = Samples.decode(codec, sidecar);
    assertEquals(1500 + 200 + 50, pod.requests().cpuMilli());
    assertTrue(!pod.images().contains("not-kept"), pod::toString);

    String infeasible =
        Samples.read("pod.json")
            .replace("\"cpu\": \"1\",", "")
            .replace("\"requests\": {\"cpu\": \"200m\", ", "\"requests\": {\"cpu\": \"64\", ")
            .replace(
                "{\"type\": \"PodScheduled\",",
                "{\"type\": \"PodResizePending\", \"reason\": \"Infeasible\", \"status\":"
                    + " \"True\"}, {\"type\": \"PodScheduled\",");
    assertEquals(
        200 + 50,
        Samples.decode(codec, infeasible).requests().cpuMilli(),
        "a status is there of the container alone");
  }

  @Test
  void aResizeOfTheWholePodCountsAsTheLargestOfItsAmounts() throws IOException {
    String json =
        Samples.read("pod.json")
            .replace("\"hostNetwork\": true,", "\"resources\": {\"requests\": {\"cpu\": \"3\"}},")
            .replace(
                "\"qosClass\":",
                "\"resources\": {\"requests\": {\"cpu\": \"5\"}}, \"allocatedResources\":"
                    + " {\"cpu\": \"4\"}, \"qosClass\":");

    assertEquals(5000 + 50, Samples.decode(codec, json).requests().cpuMilli());
  }

  @Test
  void aPodBeingDeletedSaysSo() throws IOException {
    String json =
        Samples.read("pod.json")
            .replace("\"generation\": 1,", "\"deletionTimestamp\": \"2026-10-03T10:00:00Z\",");

    assertTrue(Samples.decode(codec, json).state().deleting());
  }
}
