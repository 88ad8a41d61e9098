// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import static io.nodeqos.sim.http.SimClient.NODES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParseException;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final ApiServer server = new ApiServer();
  private final SimClient client = new SimClient(server);

  @BeforeEach
  void start() throws Exception {
    server.start();
    client.createNode("a");
    client.createNode("b");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Faults.Injection onPatch(Fault fault, int times) {
    return server.faults().inject(RequestInfo.on("patch", "nodes"), fault, times);
  }

  private String labelOfA() throws Exception {
    return Json.string(
        Json.parseObject(client.get(NODES + "/a").body().getBytes(StandardCharsets.UTF_8)),
        "metadata",
        "labels",
        "a");
  }

  @Test
  void refusalAppliesTheGivenNumberOfTimesAndWritesNothing() throws Exception {
    Faults.Injection injection = onPatch(new Fault.Refuse(429, Duration.ofSeconds(7)), 2);

    var first = client.label("a", "1");
    var second = client.label("a", "2");

    assertEquals(429, first.statusCode());
    assertEquals("7", first.headers().firstValue("Retry-After").orElse(""));
    assertEquals(429, second.statusCode());
    assertEquals("", labelOfA(), "a refused write is not carried out");
    assertEquals(200, client.label("a", "3").statusCode(), "the third is let through");
    assertEquals(2, injection.hits());
  }

  @Test
  void refusalsHaveTheReasonOfTheirCode() throws Exception {
    for (var expected : List.of("409 Conflict", "410 Expired", "500 InternalError")) {
      int code = Integer.parseInt(expected.substring(0, 3));
      onPatch(new Fault.Refuse(code, Duration.ZERO), 1);

      var refused = client.label("a", "x");

      assertEquals(code, refused.statusCode());
      assertTrue(refused.body().contains("\"reason\":\"" + expected.substring(4)), refused.body());
      assertFalse(refused.headers().firstValue("Retry-After").isPresent(), "none was asked for");
    }
  }

  @Test
  void onlyRequestsThatMatchAreAffected() throws Exception {
    server
        .faults()
        .inject(
            info -> info.isWrite() && info.name().equals("a"),
            new Fault.Refuse(500, Duration.ZERO),
            Faults.ALWAYS);

    assertEquals(500, client.label("a", "1").statusCode());
    assertEquals(200, client.label("b", "1").statusCode());
    assertEquals(200, client.get(NODES + "/a").statusCode());
  }

  @Test
  void lostReplyCommitsTheWrite() throws Exception {
    onPatch(new Fault.LoseReply(), 1);

    assertThrows(IOException.class, () -> client.label("a", "done"));

    assertEquals("done", labelOfA());
  }

  @Test
  void droppedRequestIsNotCarriedOut() throws Exception {
    onPatch(new Fault.Drop(), Faults.ALWAYS);

    assertThrows(IOException.class, () -> client.label("a", "done"));

    server.faults().clear();
    assertEquals("", labelOfA());
  }

  @Test
  void garbageReplyIsNotJson() throws Exception {
    server.faults().inject(RequestInfo.on("list", "nodes"), new Fault.Garbage(), 1);

    var garbage = client.get(NODES);

    assertEquals(200, garbage.statusCode());
    assertThrows(
        JsonParseException.class,
        () -> Json.parse(garbage.body().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void partialListHasNoContinueToken() throws Exception {
    server.faults().inject(RequestInfo.on("list", "nodes"), new Fault.PartialList(1), 1);

    String partial = client.get(NODES).body();
    String whole = client.get(NODES).body();

    assertTrue(partial.contains("\"name\":\"a\"") && !partial.contains("\"name\":\"b\""), partial);
    assertFalse(partial.contains("continue"), "nothing says that more remains");
    assertTrue(whole.contains("\"name\":\"b\""), "only one list was affected");
  }

  @Test
  void cutWatchEndsWithinALine() throws Exception {
    server.faults().inject(RequestInfo.on("watch", "nodes"), new Fault.CutWatch(1), 1);

    List<String> lines = client.watchToTheEnd(NODES + "?watch=true&timeoutSeconds=20");

    assertTrue(lines.get(0).contains("\"name\":\"a\"") && lines.get(0).endsWith("}"), lines.get(0));
    assertEquals("BROKEN", lines.get(lines.size() - 1), "the connection is closed, not ended");
    assertTrue(
        lines.stream().noneMatch(line -> line.contains("\"name\":\"b\"")),
        "the second event never arrived");
  }

  @Test
  void stalledRequestContinuesWhenTheInjectionIsClosed() throws Exception {
    Faults.Injection stall = onPatch(new Fault.Stall(), Faults.ALWAYS);
    CompletableFuture<?> pending = client.labelLater("a", "late");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (stall.hits() == 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertEquals("", labelOfA(), "it is held before it is carried out");

    stall.close();

    pending.get(30, TimeUnit.SECONDS);
    assertEquals("late", labelOfA());
  }

  @Test
  void delayedWriteIsCommitted() throws Exception {
    server.faults().inject(RequestInfo.writes(), new Fault.Delay(Duration.ofMillis(20)), 1);

    assertEquals(200, client.label("a", "slow").statusCode());

    assertEquals("slow", labelOfA());
  }
}
