// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.ProtobufModel;
import io.nodeqos.kube.wire.ProtobufTolerantReader;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Resources;
import io.nodeqos.node.value.Toleration;
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
  void fieldsOfADecisionAreRead() throws IOException {
    PodView pod = Samples.decode(codec, Samples.read("pod.json"));

    assertEquals("kube-system", pod.namespace());
    assertEquals("cilium-x7k2p", pod.name());
    assertEquals("worker-17", pod.nodeName());
    assertEquals("ds-uid-1", pod.ownerUid(), "the controller, not just any owner");
    assertEquals(
        Map.of("k8s-app", "cilium", "controller-revision-hash", "59c5d8f6b"), pod.labels());
    assertEquals(
        new PodView.State(
            "Running",
            true,
            Instant.parse("2026-10-03T08:16:00Z"),
            Instant.parse("2026-10-03T08:15:50Z"),
            false),
        pod.state());
    assertEquals(
        Set.of("quay.io/cilium/cilium:v1.18.0", "quay.io/cilium/cilium@sha256:abcd"),
        pod.images(),
        "of the sidecar nothing is reported");
    assertEquals(
        List.of(
            new Toleration("", "Exists", "", ""),
            new Toleration("example.com/dedicated", "", "db", "NoExecute")),
        pod.tolerations());
  }

  @Test
  void requestIsThePeakOfInitialisingPlusOverhead() throws IOException {
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
  void resizeInProgressCountsItsLargestAmount() throws IOException {
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
  void resizeOfTheWholePodCountsItsLargestAmount() throws IOException {
    String json =
        Samples.read("pod.json")
            .replace("\"hostNetwork\": true,", "\"resources\": {\"requests\": {\"cpu\": \"3\"}},")
            .replace(
                "\"qosClass\":",
                "\"resources\": {\"requests\": {\"cpu\": \"5\"}}, \"allocatedResources\":"
                    + " {\"cpu\": \"4\"}, \"qosClass\":");

    assertEquals(5000 + 50, Samples.decode(codec, json).requests().cpuMilli());
  }

  private void assertImages(Set<String> images, Instant startedAt, String status)
      throws IOException {
    JsonObject pod = JsonParser.parseString(Samples.read("pod.json")).getAsJsonObject();
    pod.add("status", JsonParser.parseString(status.replace('\'', '"')));
    byte[] bytes = new ProtobufModel().encode("Pod", pod);
    PodView fromProtobuf =
        codec
            .decode(
                new ProtobufTolerantReader(bytes, 0, bytes.length, codec.protobuf().orElseThrow()))
            .view();
    for (PodView view : List.of(Samples.decode(codec, pod.toString()), fromProtobuf)) {
      assertEquals(images, view.images());
      assertEquals(startedAt, view.state().startedAt());
    }
  }

  /** The kubelet fills in what it shall have, or what the container before it had. */
  @Test
  void imageOfAWaitingContainerProvesNothing() throws IOException {
    assertImages(
        Set.of(),
        Instant.EPOCH,
        """
        {'phase': 'Running', 'containerStatuses': [
          {'name': 'agent', 'image': 'a:1', 'imageID': '', 'state': {'waiting': {'reason': 'ErrImagePull'}},
           'lastState': {'terminated': {'exitCode': 0, 'startedAt': '2026-10-03T08:00:00Z'}}},
          {'name': 'unknown', 'image': 'a:2', 'imageID': 'a@sha256:2',
           'state': {'terminated': {'exitCode': 137, 'reason': 'ContainerStatusUnknown', 'startedAt': null}}},
          {'name': 'new', 'image': 'a:3', 'imageID': 'a@sha256:3', 'state': {}}]}""");
  }

  @Test
  void imagesOfStartedContainersOfEveryKindCount() throws IOException {
    assertImages(
        Set.of("init:1", "init@sha256:1", "proxy:1", "agent:1", "agent@sha256:1", "debug:1"),
        Instant.parse("2026-10-03T08:00:02Z"),
        """
        {'phase': 'Pending',
         'initContainerStatuses': [
          {'name': 'mount', 'image': 'init:1', 'imageID': 'init@sha256:1',
           'state': {'terminated': {'exitCode': 0, 'startedAt': '2026-10-03T08:00:01Z'}}},
          {'name': 'proxy', 'image': 'proxy:1', 'imageID': '',
           'state': {'running': {'startedAt': '2026-10-03T08:00:02Z'}}}],
         'containerStatuses': [
          {'name': 'agent', 'image': 'agent:1', 'imageID': 'agent@sha256:1',
           'state': {'running': {'startedAt': '2026-10-03T08:00:03Z'}}},
          {'name': 'later', 'image': 'later:1', 'imageID': '', 'state': {'waiting': {'reason': 'PodInitializing'}}}],
         'ephemeralContainerStatuses': [
          {'name': 'debug', 'image': 'debug:1', 'imageID': '',
           'state': {'running': {'startedAt': '2026-10-03T09:00:00Z'}}}]}""");
  }

  @Test
  void deletionTimestampMakesAPodTerminating() throws IOException {
    String json =
        Samples.read("pod.json")
            .replace("\"generation\": 1,", "\"deletionTimestamp\": \"2026-10-03T10:00:00Z\",");

    assertTrue(Samples.decode(codec, json).state().deleting());
  }
}
