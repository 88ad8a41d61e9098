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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that the API server does not enforce the fence. Once a term it sends a patch with an
 * outdated epoch, as a dry run, which changes nothing: the fence's admission policy refuses it. The
 * policy is optional, so that only one that is installed and does not apply is worth a warning. Any
 * other failure is no news; nothing depends on the result.
 */
public final class FenceCheck implements LeadershipListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FenceCheck.class);

  /**
   * After the first writes of the term, and after policies that are applied with the controller.
   */
  static final Duration DELAY = Duration.ofSeconds(30);

  private static final String POLICY =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/"
          + WriteCalls.FENCE_POLICY;

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
      if (acceptsOutdated(names.next())) {
        report(isInstalled());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The fence was not checked", e);
    }
  }

  private boolean acceptsOutdated(String node) throws IOException {
    RequestBody body =
        RequestBody.create(OUTDATED.getBytes(StandardCharsets.UTF_8), NodePatcher.MERGE_PATCH);
    return succeeds(
        api.request(NodePatcher.path(node), Map.of("dryRun", "All"))
            .header("Accept", WriteCalls.METADATA_ONLY)
            .method("PATCH", body)
            .build());
  }

  /** Also false for a controller that may not read it. */
  private boolean isInstalled() throws IOException {
    return succeeds(
        api.request(POLICY, Map.of()).header("Accept", WriteCalls.METADATA_ONLY).build());
  }

  private boolean succeeds(Request request) throws IOException {
    try (Response response = api.http().newCall(request).execute()) {
      if (!response.isSuccessful()) {
        LOG.debug("The fence was checked: {}", ApiFailure.of(response, time).message());
      }
      return response.isSuccessful();
    }
  }

  private void report(boolean isInstalled) {
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
