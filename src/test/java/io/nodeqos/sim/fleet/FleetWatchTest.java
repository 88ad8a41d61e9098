// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetWatchTest {

  private static final String PATH = "/api/v1/namespaces/default/configmaps";

  private final ApiServer server = new ApiServer();
  private final Names names = new Names();
  private FleetClient client;
  private FleetWatch watch;

  private static final class Names implements FleetWatch.Handler {
    private final Set<String> present = new TreeSet<>();
    private int lists;
    private int deletions;

    @Override
    public synchronized void listed(List<JsonObject> all) {
      lists++;
      present.clear();
      all.forEach(object -> present.add(FleetJson.name(object)));
    }

    @Override
    public synchronized void changed(String type, JsonObject object) {
      if (type.equals("DELETED")) {
        deletions++;
        present.remove(FleetJson.name(object));
      } else {
        present.add(FleetJson.name(object));
      }
    }

    synchronized boolean are(String... expected) {
      return present.equals(Set.of(expected));
    }

    synchronized int lists() {
      return lists;
    }

    synchronized int deletions() {
      return deletions;
    }

    @Override
    public synchronized String toString() {
      return present.toString();
    }
  }

  @BeforeEach
  void start() {
    server.start();
    client = FleetClient.of(server.uri(), "test");
    watch = new FleetWatch(client, PATH, names);
  }

  @AfterEach
  void stop() {
    watch.close();
    server.close();
  }

  @Test
  void brokenWatchResumesWithoutAList() throws Exception {
    var cut =
        server.faults().inject(RequestInfo.on("watch", "configmaps"), new Fault.CutWatch(1), 2);
    watch.start();
    await(() -> names.lists() == 1);

    for (String name : List.of("a", "b", "c", "d")) {
      create(name);
    }
    client.delete(PATH + "/d");

    await(() -> names.are("a", "b", "c"));
    assertEquals(2, cut.hits(), "the watch was cut twice");
    assertEquals(1, names.lists(), "it went on from the last version");
    assertEquals(1, names.deletions(), "and missed nothing");
  }

  @Test
  void expiredVersionCausesANewList() throws Exception {
    var watches = RequestInfo.on("watch", "configmaps");
    server.faults().inject(watches, new Fault.CutWatch(0), 1);
    var refused =
        server.faults().inject(watches, new Fault.Refuse(500, Duration.ZERO), Faults.ALWAYS);
    create("a");
    watch.start();
    await(() -> names.are("a"));
    create("b");
    await(() -> refused.hits() > 0);

    create("c");
    client.delete(PATH + "/a");
    server.compact();
    refused.close();

    await(() -> names.are("b", "c"));
    assertEquals(2, names.lists(), "it had to list again");
    assertEquals(0, names.deletions(), "the deletion was in no watch");
  }

  @Test
  void listIsReadInPages() throws Exception {
    for (int i = 0; i < 501; i++) {
      create("n" + i);
    }
    watch.start();

    await(() -> names.lists() == 1);

    assertTrue(names.toString().contains("n500"), "also the second page");
    assertEquals(
        2,
        server.requests().all().stream()
            .filter(request -> request.verb().equals("list") && request.code() == 200)
            .count());
  }

  private void create(String name) throws IOException {
    JsonObject object =
        JsonParser.parseString("{'metadata': {'name': '" + name + "'}}").getAsJsonObject();
    client.create(PATH, object).expect(name, 0);
  }

  private void await(BooleanSupplier check) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!check.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within 20 s; seen: " + names);
      Thread.sleep(10);
    }
  }
}
