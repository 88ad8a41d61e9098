// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.node.NodeView;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Servers that answer a dump in another way than the usual one. */
class ClusterDumperTest {
  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  @BeforeEach
  void emptyLists() {
    server.stubFor(get(anyUrl()).willReturn(ok(list("1", ""))));
    server.stubFor(get(urlPathEqualTo("/version")).willReturn(ok("{\"gitVersion\":\"v1.37.2\"}")));
  }

  private static String list(String version, String next, String... nodes) {
    String items =
        String.join(
            ",",
            Stream.of(nodes)
                .map(
                    name ->
                        "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%s\"}}"
                            .formatted(name, version))
                .toList());
    return "{\"metadata\":{\"resourceVersion\":\"%s\",\"continue\":\"%s\"},\"items\":[%s]}"
        .formatted(version, next, items);
  }

  private Dump dump() throws IOException {
    Path file = directory.resolve("dump.tar.gz");
    try (Spool spool = Spool.create();
        OutputStream out = Files.newOutputStream(file)) {
      Wanted wanted =
          new Wanted(
              new Controller("nodeqos-system", Optional.empty()), KubeSettings.defaults(), true);
      DumpInfo info =
          ClusterDumper.of(
                  TestClients.watch(directory, server.baseUrl()),
                  Pauses.system(),
                  ListReader.Progress.NONE)
              .dump(wanted, "0.1.0", Optional.empty(), spool);
      spool.writeTo(out, info);
    }
    return new DumpReader(file).read();
  }

  /** The pages after it are of another moment, so that the first one must not be in the dump. */
  @Test
  void listWhoseNextPageHasExpiredIsReadAgain() throws IOException {
    server.stubFor(
        get(urlPathEqualTo("/api/v1/nodes"))
            .withQueryParam("continue", absent())
            .inScenario("pages")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("expired")
            .willReturn(ok(list("5", "token", "gone", "stays"))));
    server.stubFor(
        get(urlPathEqualTo("/api/v1/nodes"))
            .withQueryParam("continue", equalTo("token"))
            .willReturn(
                aResponse()
                    .withStatus(410)
                    .withBody("{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}")));
    server.stubFor(
        get(urlPathEqualTo("/api/v1/nodes"))
            .withQueryParam("continue", absent())
            .inScenario("pages")
            .whenScenarioStateIs("expired")
            .willReturn(ok(list("9", "", "stays", "new"))));

    Dump dump = dump();

    assertEquals(
        List.of("stays", "new"), dump.snapshot().nodes().stream().map(NodeView::name).toList());
    assertEquals(2, dump.info().members().get(DumpMembers.NODES));
    assertEquals("v1.37.2", dump.info().server());
  }

  /** A proxy may answer it with a page for browsers. */
  @Test
  void versionOfTheServerMayBeMissing() throws IOException {
    server.stubFor(
        get(urlPathEqualTo("/version")).willReturn(ok("<html><body>Log in</body></html>")));

    assertEquals("", dump().info().server());
  }

  @Test
  void listThatIsRefusedInTheMiddleIsNotInTheDump() throws IOException {
    server.stubFor(
        get(urlPathEqualTo("/apis/storage.k8s.io/v1/csinodes"))
            .withQueryParam("continue", absent())
            .willReturn(ok(list("5", "token", "a"))));
    server.stubFor(
        get(urlPathEqualTo("/apis/storage.k8s.io/v1/csinodes"))
            .withQueryParam("continue", equalTo("token"))
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withBody("{\"kind\":\"Status\",\"message\":\"csinodes is forbidden\"}")));

    DumpInfo info = dump().info();

    assertFalse(info.members().containsKey(DumpMembers.CSI_NODES));
    assertEquals(
        List.of(
            "The csinodes cannot be read (HTTP 403: csinodes is forbidden): they are not in the"
                + " dump"),
        info.missing());
  }
}
