// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reservations for Koordinator's scheduler, with the admission policy for our own keys. */
@RealApi
class KoordinatorIT {
  private static final String VALUE = "node.koordinator.sh/reservation";
  private static final String RECORD = "nodeqos.io/koordinator-reservation";
  private static final String THEIRS = "{\"resources\":{\"cpu\":\"5\"}}";

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final QosWorld world;

  @TempDir Path folder;

  KoordinatorIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("koordinator-" + UUID.randomUUID());
    installation.removeLease();
    this.world = new QosWorld(plane);
  }

  @BeforeEach
  void prepare() throws IOException {
    installation.admission("own-keys");
    publish(true);
    world.createPolicy("{'reservation': {'cpu': '2', 'memory': '4Gi', 'countReservedPods': true}}");
    world.createNode();
    world.status("{\"allocatable\": {\"cpu\": \"7\"}}");
  }

  @AfterEach
  void removeAll() {
    installation.removeAdmission("own-keys");
    installation.remove(replica);
    world.remove();
  }

  private void publish(boolean on) throws IOException {
    Files.writeString(settings(), "koordinator: {publishReservation: " + on + "}\n");
  }

  private Path settings() {
    return folder.resolve("config.yaml");
  }

  private ControllerRun run() {
    return ControllerRun.withSettings(plane, replica, settings());
  }

  private static boolean has(JsonObject node, String resources) {
    String value =
        resources.isEmpty() ? "" : "{\"resources\":" + resources + ",\"applyPolicy\":\"Default\"}";
    return QosWorld.annotation(node, VALUE).equals(value)
        && QosWorld.annotation(node, RECORD).equals(value);
  }

  private List<AuditLog.Entry> writes(AuditLog audit) {
    return audit.entries().stream()
        .filter(e -> e.writesNode() && e.accepted() && e.name().equals(world.name()))
        .toList();
  }

  @Test
  void reservationIsPublishedRepairedAndRemovedAgain() throws IOException {
    AuditLog audit = AuditLog.from(plane);
    try (ControllerRun controller = run()) {
      String less = "{\"cpu\":\"1\",\"memory\":\"4Gi\"}";
      JsonObject published = world.nodeUntil("node with a reservation", n -> has(n, less));
      List<AuditLog.Entry> first = writes(audit);
      assertEquals(1, first.size(), () -> "one patch with the configuration: " + first);
      assertEquals(
          "2", QosWorld.config(published).getAsJsonObject("reservation").get("cpu").getAsString());

      audit = AuditLog.from(plane);
      world.mergeNode("{\"metadata\": {\"annotations\": {\"" + VALUE + "\": null}}}");
      world.nodeUntil("repaired node", n -> has(n, less));
      List<AuditLog.Entry> repairs = writes(audit);
      assertEquals(1, repairs.size(), repairs::toString);

      world.changePolicy("{'reservation': {'cpu': '3'}}");
      world.nodeUntil("node with another reservation", n -> has(n, "{\"cpu\":\"2\"}"));

      publish(false);
      JsonObject off = world.nodeUntil("node without the annotation", n -> has(n, ""));
      assertEquals(
          "3", QosWorld.config(off).getAsJsonObject("reservation").get("cpu").getAsString());

      publish(true);
      world.nodeUntil("node with the reservation again", n -> has(n, "{\"cpu\":\"2\"}"));
      world.changePolicy("{'quota': {'classes': [{'name': 'gold'}]}}");
      world.nodeUntil("node without a reservation", n -> has(n, ""));
      assertEquals(0, controller.terminate(), controller::log);
    }
  }

  @Test
  void valueOfAnotherWriterStaysUntilThatRemovesIt() {
    world.mergeNode(
        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}"
            .formatted(VALUE, THEIRS.replace("\"", "\\\"")));
    try (ControllerRun controller = run()) {
      JsonObject configured =
          world.nodeUntil("configured node", n -> QosWorld.config(n).has("reservation"));
      assertEquals(THEIRS, QosWorld.annotation(configured, VALUE));
      assertEquals("", QosWorld.annotation(configured, RECORD));

      world.changePolicy("{'reservation': {'cpu': '3'}}");
      JsonObject changed =
          world.nodeUntil(
              "node with another reservation",
              n ->
                  QosWorld.config(n)
                      .getAsJsonObject("reservation")
                      .get("cpu")
                      .getAsString()
                      .equals("3"));
      assertEquals(THEIRS, QosWorld.annotation(changed, VALUE));

      world.mergeNode("{\"metadata\": {\"annotations\": {\"" + VALUE + "\": null}}}");
      world.nodeUntil("node with our reservation", n -> has(n, "{\"cpu\":\"2\"}"));
      assertEquals(0, controller.terminate(), controller::log);
    }
  }
}
