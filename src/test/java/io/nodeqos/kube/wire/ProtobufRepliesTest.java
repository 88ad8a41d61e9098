// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.notContaining;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.kube.codec.Samples;
import io.nodeqos.kube.write.NodePatcher;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The answers of a server with protobuf to a write. */
class ProtobufRepliesTest {
  private static final String NODE = "/api/v1/nodes/n1";
  private static final NodeView.Meta BASE =
      new NodeView.Meta("n1", "uid-1", "41", Instant.EPOCH, false, Instant.EPOCH);
  private static final MetadataChange LABEL =
      new MetadataChange(
          Map.of("nodeqos.io/warmed-up", "true"), Set.of(), Map.of(), Set.of(), Optional.empty());

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private NodePatcher patcher;

  @BeforeEach
  void connect() {
    patcher =
        new NodePatcher(
            TestClients.write(directory, server.baseUrl(), new OpenFence()),
            new WriteLimiter(KubeSettings.defaults().writeRate(), TimeSource.system()),
            Set.of());
  }

  private static ResponseDefinitionBuilder protobuf(int status, byte[] body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/vnd.kubernetes.protobuf")
        .withBody(body);
  }

  private void answer(ResponseDefinitionBuilder answer) {
    server.stubFor(patch(urlPathEqualTo(NODE)).willReturn(answer));
  }

  private static byte[] metadata(String version) {
    ProtobufBytes managedFields =
        new ProtobufBytes().string(1, "kubelet").string(2, "Update").string(6, "FieldsV1");
    return ProtobufBytes.envelope(
        "PartialObjectMetadata",
        new ProtobufBytes()
            .message(
                1,
                new ProtobufBytes().string(1, "n1").string(6, version).message(17, managedFields))
            .toBytes());
  }

  @Test
  void versionIsReadFromTheMetadata() {
    answer(protobuf(200, metadata("42")));

    assertEquals(new WriteResult.Ok("42"), patcher.patchMetadata(BASE, LABEL));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo(NODE))
            .withHeader(
                "Accept",
                containing(
                    "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")));
  }

  @Test
  void versionIsReadFromAWholeObject() {
    byte[] node =
        new ProtobufModel()
            .encode("Node", JsonParser.parseString(Samples.node("n1", "43")).getAsJsonObject());
    answer(protobuf(200, ProtobufBytes.envelope("Node", node)));

    assertEquals(new WriteResult.Ok("43"), patcher.patchMetadata(BASE, LABEL));
  }

  @Test
  void replyWithoutAVersionIsNoSuccess() {
    answer(protobuf(200, metadata("")));

    assertInstanceOf(WriteResult.Retry.class, patcher.patchMetadata(BASE, LABEL));
  }

  @Test
  void refusalIsDecoded() {
    answer(
        protobuf(
            422,
            ProtobufBytes.envelope(
                "Status", ProtobufBytes.status(422, "Invalid", "spec.taints", 0))));

    assertEquals(
        new WriteResult.Rejected(422, "HTTP 422: spec.taints."),
        patcher.patchMetadata(BASE, LABEL));
  }

  @Test
  void jsonIsAskedForAfterAMalformedReply() {
    for (byte[] malformed :
        new byte[][] {
          "<html>".getBytes(StandardCharsets.UTF_8),
          Arrays.copyOf(metadata("42"), metadata("42").length / 2),
          new byte[0]
        }) {
      server.resetAll();
      connect();
      answer(protobuf(200, malformed));
      server.stubFor(
          patch(urlPathEqualTo(NODE))
              .withHeader("Accept", notContaining("protobuf"))
              .willReturn(ok("{\"metadata\":{\"resourceVersion\":\"44\"}}")));

      assertInstanceOf(
          WriteResult.Retry.class, patcher.patchMetadata(BASE, LABEL), "it may have been done");
      assertEquals(new WriteResult.Ok("44"), patcher.patchMetadata(BASE, LABEL));
    }
  }
}
