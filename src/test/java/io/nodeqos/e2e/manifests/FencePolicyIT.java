// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
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

  private Api.Reply writeInTerm(String epoch) {
    return Api.of(plane, one.token())
        .merge(
            "/api/v1/nodes/" + world.node() + "?dryRun=All",
            """
            {"metadata": {"annotations": {"nodeqos.io/leader-epoch": %s}}}"""
                .formatted(epoch));
  }

  /** A container of the same pod that was restarted, or a process that was suspended. */
  @Test
  void aWriteOfAnEarlierTermOfTheHolderIsRefused() {
    admin.merge(Installation.LEASE, "{\"spec\": {\"leaseTransitions\": 3}}").succeeded();

    Api.Reply old = Poll.until("refusal", () -> writeInTerm("\"2\""), reply -> reply.code() == 403);

    assertTrue(old.body().contains(POLICY), old.body());
    assertTrue(old.body().contains("the write is of the epoch 2, and the Lease of the epoch 3"));
    for (String epoch : new String[] {"\"3\"", "\"4\"", "null"}) {
      assertEquals(200, writeInTerm(epoch).code(), epoch);
    }
  }

  /** Those of the status name no epoch, as the first write of a term does. */
  @Test
  void aNodeWithTheEpochOfAnEarlierTermStaysWritable() {
    admin
        .merge(
            "/api/v1/nodes/" + world.node(),
            "{\"metadata\": {\"annotations\": {\"nodeqos.io/leader-epoch\": \"2\"}}}")
        .succeeded();
    admin.merge(Installation.LEASE, "{\"spec\": {\"leaseTransitions\": 3}}").succeeded();
    Poll.until("refusal", () -> writeInTerm("\"1\""), reply -> reply.code() == 403);

    assertEquals(200, writeStatus(one).code());
    assertEquals(200, writeInTerm("\"3\"").code());
    assertEquals(200, writeInTerm("null").code());
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
