// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import static io.nodeqos.sim.http.SimClient.NODES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.sim.model.Json;
import io.nodeqos.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchLimitsTest {

  private static ApiServer server(ApiServerSettings settings) {
    return new ApiServer(settings, TimeSource.system()).start();
  }

  private static String version(HttpResponse<String> answer) {
    return Json.string(
        Json.parseObject(answer.body().getBytes(StandardCharsets.UTF_8)),
        "metadata",
        "resourceVersion");
  }

  @Test
  void watchFromBeforeTheWindowGetsAnExpiredError() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults().withEventWindow(3))) {
      SimClient client = new SimClient(server);
      String tooOld = version(client.createNode("a"));
      String oldest = version(client.label("a", "1"));
      client.label("a", "2");
      client.label("a", "3");
      client.label("a", "4");

      List<String> expired = client.watchToTheEnd(watchFrom(tooOld));
      List<String> served = client.watchToTheEnd(watchFrom(oldest));

      assertEquals(1, expired.size());
      assertTrue(expired.get(0).contains("\"type\":\"ERROR\""), expired.get(0));
      assertTrue(expired.get(0).contains("\"code\":410"), expired.get(0));
      assertEquals(3, served.size(), "the three events that the window holds");
    }
  }

  private static String watchFrom(String version) {
    return NODES + "?watch=true&timeoutSeconds=1&resourceVersion=" + version;
  }

  @Test
  void compactionExpiresOldVersionsAndStartedPages() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults())) {
      SimClient client = new SimClient(server);
      String old = version(client.createNode("a"));
      client.createNode("b");
      String page = client.get(NODES + "?limit=1").body();
      String token =
          Json.string(
              Json.parseObject(page.getBytes(StandardCharsets.UTF_8)), "metadata", "continue");

      server.compact();

      assertTrue(client.watchToTheEnd(watchFrom(old)).get(0).contains("\"code\":410"));
      HttpResponse<String> rest = client.get(NODES + "?limit=1&continue=" + token);
      assertEquals(410, rest.statusCode());
      assertTrue(rest.body().contains("\"reason\":\"Expired\""), rest.body());
    }
  }

  @Test
  void unreadWatchIsCutAndBlocksNoOtherWatch() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults().withWatchQueue(5))) {
      SimClient client = new SimClient(server);
      client.createNode("a");
      try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
        slow.getOutputStream()
            .write(
                ("GET " + NODES + "?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        awaitWatch(server);
        int writes = 200;
        for (int i = 0; i < writes; i++) {
          // Far more than socket buffers hold.
          String body =
              "{\"metadata\":{\"annotations\":{\"n\":\"" + i + "x".repeat(200_000) + "\"}}}";
          int code =
              client.send("PATCH", NODES + "/a", "application/merge-patch+json", body).statusCode();
          assertEquals(200, code, "writers do not wait for a slow watch");
        }

        String received = readAll(slow.getInputStream());

        long events = received.lines().filter(line -> line.contains("\"type\":")).count();
        assertTrue(events < writes, "the queue of five overflowed, but all events arrived");
        assertFalse(received.endsWith("0\r\n\r\n"), "the stream is broken off, not ended");
      }
    }
  }

  private static void awaitWatch(ApiServer server) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (server.requests().all().stream().noneMatch(request -> request.verb().equals("watch"))
        && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static String readAll(InputStream in) {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try {
      in.transferTo(received);
    } catch (IOException e) {
      // A reset is as good as an end.
    }
    return received.toString(StandardCharsets.UTF_8);
  }

  @Test
  void manyWatchersShareOneStreamOfEvents() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults())) {
      SimClient client = new SimClient(server);
      String start = version(client.createNode("a"));
      for (int i = 0; i < 20; i++) {
        client.label("a", "v" + i);
      }

      for (int watcher = 0; watcher < 3; watcher++) {
        List<String> lines = client.watchToTheEnd(watchFrom(start));
        assertEquals(20, lines.size());
        assertTrue(lines.get(19).contains("\"a\":\"v19\""), lines.get(19));
      }
    }
  }
}
