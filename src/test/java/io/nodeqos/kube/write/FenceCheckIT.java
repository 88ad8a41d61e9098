// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check against the admission policies of a real server. */
@RealApi
class FenceCheckIT {
  private static final String NAME = "node-qos-controller";

  private final String node = "checked-" + UUID.randomUUID().toString().substring(0, 8);
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final ControlPlane plane;
  private final Installation installation;

  @TempDir Path directory;

  private Replica replica;

  FenceCheckIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
  }

  @BeforeEach
  void prepare() {
    replica = installation.replica(node);
    create("{'apiVersion': 'v1', 'kind': 'Node', 'metadata': {'name': '%s'}}".formatted(node));
    holdLease(replica.holder());
  }

  @AfterEach
  void clean() {
    timer.shutdownNow();
    installation.removeAdmission("fence");
    installation.removeAdmission("own-keys");
    installation.removeLease();
    installation.remove(replica);
    plane.kubectl("delete", "node", node).succeeded();
  }

  private void create(String object) {
    plane.kubectlWith(object.replace('\'', '"'), "create", "-f", "-").succeeded();
  }

  /** As in the third term. */
  private void holdLease(String holder) {
    installation.removeLease();
    create(
        """
        {'apiVersion': 'coordination.k8s.io/v1', 'kind': 'Lease',
         'metadata': {'name': '%s', 'namespace': '%s'},
         'spec': {'holderIdentity': '%s', 'leaseTransitions': 3}}"""
            .formatted(NAME, Installation.NAMESPACE, holder));
  }

  private ApiEndpoint client() throws IOException, ClientConfigException {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        Files.readString(plane.kubeconfig())
            .replaceFirst("token: \\S+", "token: " + replica.token()));
    return RealClients.write(kubeconfig);
  }

  private CapturedLog check(ApiEndpoint client) {
    try (CapturedLog log = CapturedLog.of(FenceCheck.class)) {
      new FenceCheck(client, () -> List.of(node), "lease", TimeSource.system(), timer).run();
      return log;
    }
  }

  private void awaitFence(ApiEndpoint client) {
    Poll.until(
        "fence", 60, () -> check(client), log -> log.warnings().isEmpty() && log.infos().isEmpty());
  }

  @Test
  void aServerWithoutThePolicyIsReportedWithoutAWarningAndTheNodeIsNotChanged() throws Exception {
    CapturedLog log = check(client());

    assertEquals(1, log.infos().size(), log.infos()::toString);
    assertEquals(List.of(), log.warnings());
    assertFalse(
        plane
            .kubectl("get", "node", node, "-o", "yaml")
            .succeeded()
            .out()
            .contains("leader-epoch"));
  }

  @Test
  void theLeaderIsSilentWhenThePolicyIsInForce() throws Exception {
    installation.admission("own-keys");
    installation.admission("fence");

    awaitFence(client());
  }

  /** As after a change of the namespace, or of the name of the Lease, that did not reach it. */
  @Test
  void aPolicyForAnotherLeaseIsAWarning() throws Exception {
    ApiEndpoint client = client();
    installation.admission("fence");
    awaitFence(client);

    plane
        .kubectl(
            "patch",
            "validatingadmissionpolicybinding",
            NAME + "-fence",
            "--type=merge",
            "-p",
            "{\"spec\": {\"paramRef\": {\"namespace\": \"platform\"}}}")
        .succeeded();

    CapturedLog log =
        Poll.until("report", 60, () -> check(client), next -> !next.warnings().isEmpty());
    assertEquals(1, log.warnings().size(), log.warnings()::toString);
  }

  /** As after the binding was removed and came back, and the API server kept an old Lease. */
  @Test
  void aPolicyThatSeesAnotherHolderIsAWarning() throws Exception {
    ApiEndpoint client = client();
    installation.admission("fence");
    awaitFence(client);

    holdLease("another_" + UUID.randomUUID());

    CapturedLog log =
        Poll.until("report", 60, () -> check(client), next -> !next.warnings().isEmpty());
    assertEquals(1, log.warnings().size(), log.warnings()::toString);
    assertTrue(
        log.warnings().get(0).contains("sees another holder of the Lease"),
        log.warnings()::toString);
  }
}
