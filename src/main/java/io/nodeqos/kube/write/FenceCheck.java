// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.node.Keys;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that the API server does not enforce the fence, or refuses the leader by it. Once a term
 * it sends a patch with an outdated epoch, as a dry run, which changes nothing: the fence's
 * admission policy refuses it for its epoch. The policy is optional, so that only one that is
 * installed and does not apply is worth a warning. So is one that sees another holder of the Lease,
 * as an API server does for ever that has seen the policy's last binding go and come back
 * (kubernetes/kubernetes#130887). Any other failure is no news; nothing depends on the result.
 */
public final class FenceCheck implements LeadershipListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FenceCheck.class);

  /**
   * After the first writes of the term, after policies that are applied with the controller, and
   * longer than an API server needs to see the new holder of the Lease.
   */
  static final Duration DELAY = Duration.ofSeconds(30);

  private static final String POLICY =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/"
          + WriteCalls.FENCE_POLICY;

  /** Of {@code fence.yaml}. */
  private static final String OTHER_HOLDER = "does not hold the Lease";

  /** No node carries it, and each term is younger. */
  private static final String OUTDATED =
      "{\"metadata\":{\"annotations\":{\"" + Keys.LEADER_EPOCH + "\":\"-1\"}}}";

  private final ApiEndpoint api;
  private final Supplier<? extends Collection<String>> nodes;
  private final String lease;
  private final TimeSource time;
  private final ScheduledExecutorService timer;

  /**
   * @param api of the client for writes
   * @param nodes names of all nodes
   * @param lease for the log: {@code NAMESPACE/NAME}
   * @param timer of this check alone
   */
  FenceCheck(
      ApiEndpoint api,
      Supplier<? extends Collection<String>> nodes,
      String lease,
      TimeSource time,
      ScheduledExecutorService timer) {
    this.api = api;
    this.nodes = nodes;
    this.lease = lease;
    this.time = time;
    this.timer = timer;
  }

  @Override
  public void leading(LeaderTerm term) {
    // Without leader election there is no Lease to fence with.
    if (term.epoch() > 0) {
      var unused = timer.schedule(this::run, DELAY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void stopped(LeaderTerm term, String reason) {
    // The client's own fence stops a request that is still to come.
  }

  void run() {
    Iterator<String> names = nodes.get().iterator();
    if (!names.hasNext()) {
      return;
    }
    try {
      Optional<ApiFailure> refusal = send(outdated(names.next()));
      if (refusal.isEmpty()) {
        reportNoFence(send(policy()).isEmpty());
      } else if (seesAnotherHolder(refusal.get())) {
        reportAnotherHolder(refusal.get());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The fence was not checked", e);
    }
  }

  private Request outdated(String node) throws IOException {
    RequestBody body =
        RequestBody.create(OUTDATED.getBytes(StandardCharsets.UTF_8), NodePatcher.MERGE_PATCH);
    return api.request(NodePatcher.path(node), Map.of("dryRun", "All"))
        .header("Accept", WriteCalls.METADATA_ONLY)
        .method("PATCH", body)
        .build();
  }

  /** Refused also to a controller that may not read it, which then counts as not installed. */
  private Request policy() throws IOException {
    return api.request(POLICY, Map.of()).header("Accept", WriteCalls.METADATA_ONLY).build();
  }

  private Optional<ApiFailure> send(Request request) throws IOException {
    try (Response response = api.http().newCall(request).execute()) {
      if (response.isSuccessful()) {
        return Optional.empty();
      }
      ApiFailure refusal = ApiFailure.of(response, time);
      LOG.debug("The fence was checked: {}", refusal.message());
      return Optional.of(refusal);
    }
  }

  private static boolean seesAnotherHolder(ApiFailure refusal) {
    return refusal.message().contains(WriteCalls.FENCE_POLICY)
        && refusal.message().contains(OTHER_HOLDER);
  }

  private void reportAnotherHolder(ApiFailure refusal) {
    LOG.warn(
        "The API server refuses the writes of this leader to Nodes, as the admission policy {} sees"
            + " another holder of the Lease: the policy is for another Lease, the token of this"
            + " process is bound to no pod, or the policy was removed and applied again, after which"
            + " each kube-apiserver has to be restarted: lease={}: {}",
        WriteCalls.FENCE_POLICY,
        lease,
        refusal.message());
  }

  private void reportNoFence(boolean isInstalled) {
    if (isInstalled) {
      LOG.warn(
          "The admission policy {} is installed, but the API server enforces no fence: the policy is"
              + " for another Lease or ServiceAccount, has no binding, or is older than this"
              + " controller; apply manifests/admission/fence.yaml of this version for this"
              + " Lease: lease={}",
          WriteCalls.FENCE_POLICY,
          lease);
    } else {
      LOG.info(
          "The API server enforces no fence, as the optional admission policy {} is not installed:"
              + " it is in manifests/admission/fence.yaml, and with Helm it is admission.fence=true:"
              + " lease={}",
          WriteCalls.FENCE_POLICY,
          lease);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
