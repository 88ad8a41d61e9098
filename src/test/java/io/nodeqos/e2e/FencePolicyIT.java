// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server-side fence: only the pod that holds the Lease writes to Nodes. */
@RealApi
class FencePolicyIT {
  private static final String POLICY = "node-qos-controller-fence";

  private static final String BINDINGS =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";

  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final ControlPlane plane;
  private final Installation installation;
  private final World world;
  private final Api admin;

  private Replica one;
  private Replica other;

  FencePolicyIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.world = new World(plane);
    this.admin = Api.admin(plane);
  }

  @BeforeEach
  void prepare() {
    one = installation.replica("one-" + suffix);
    other = installation.replica("other-" + suffix);
    world.createNode();
    installation.removeLease();
    hold(one);
    installation.admission("fence");
    Poll.until("fence", () -> write(other), reply -> reply.code() == 403);
  }

  @AfterEach
  void clean() {
    installation.removeAdmission("fence");
    installation.removeLease();
    installation.remove(one);
    installation.remove(other);
    world.remove();
  }

  private void hold(Replica replica) {
    admin
        .post(
            Installation.LEASES,
            """
            {"metadata": {"name": "%s"}, "spec": {"holderIdentity": "%s"}}"""
                .formatted(Installation.NAME, replica.holder()))
        .succeeded();
  }

  private void handOver(Replica replica) {
    admin
        .merge(Installation.LEASE, "{\"spec\": {\"holderIdentity\": \"" + replica.holder() + "\"}}")
        .succeeded();
  }

  private Api.Reply write(Replica replica) {
    return write(replica.token());
  }

  private Api.Reply write(String token) {
    return Api.of(plane, token)
        .merge(
            "/api/v1/nodes/" + world.node() + "?dryRun=All",
            "{\"metadata\": {\"labels\": {\"nodeqos.io/warmed-up\": \"true\"}}}");
  }

  private Api.Reply writeStatus(Replica replica) {
    return Api.of(plane, replica.token())
        .strategic(
            "/api/v1/nodes/" + world.node() + "/status?dryRun=All",
            "{\"status\": {\"capacity\": {\"nodeqos.io/gold-cpu\": \"1\"}}}");
  }

  private static void assertFenced(Api.Reply reply) {
    assertEquals(403, reply.code(), reply.body());
    assertTrue(reply.body().contains(POLICY), "the controller knows it by the name of the policy");
    assertTrue(reply.body().contains("does not hold the Lease"), reply.body());
  }

  @Test
  void onlyThePodOfTheLeaseHolderMayWrite() {
    assertAll(
        () -> assertEquals(200, write(one).code()),
        () -> assertEquals(200, writeStatus(one).code()),
        () -> assertFenced(write(other)),
        () -> assertFenced(writeStatus(other)));
  }

  @Test
  void onlyTheNewHolderMayWriteAfterAHandOver() {
    handOver(other);

    Poll.until("write of the new holder", () -> write(other), reply -> reply.code() == 200);
    assertFenced(write(one));
  }

  @Test
  void tokenThatIsBoundToNoPodMayNotWrite() {
    String unbound =
        plane
            .kubectl("create", "token", Installation.NAME, "-n", Installation.NAMESPACE)
            .succeeded()
            .out()
            .strip();

    assertFenced(write(unbound));
  }

  @Test
  void withoutALeaseTheNodesOfTheClusterStayWritable() {
    installation.removeLease();

    Poll.until("write without a Lease", () -> write(other), reply -> reply.code() == 200);
    writeAsAnybody().succeeded();
  }

  /** Why the binding says Allow: parameters are looked for before the matchConditions are. */
  @Test
  void missingLeaseWithDenyStopsAllWritesToNodes() {
    String binding = BINDINGS + "/" + POLICY;
    admin
        .merge(binding, "{\"spec\": {\"paramRef\": {\"parameterNotFoundAction\": \"Deny\"}}}")
        .succeeded();
    installation.removeLease();

    Api.Reply reply =
        Poll.until("refusal of an administrator", this::writeAsAnybody, r -> r.code() / 100 == 4);

    assertAll(
        () -> assertEquals(422, reply.code(), reply.body()),
        () -> assertTrue(reply.body().contains(POLICY), reply.body()));
  }

  @Test
  void otherAccountsMayWrite() {
    writeAsAnybody().succeeded();
  }

  private Api.Reply writeAsAnybody() {
    return admin.merge(
        "/api/v1/nodes/" + world.node(), "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}");
  }
}
