// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeBoot;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.ImagePlan;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Instants;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyRemovals;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides the wanted state of a node: a function of the node, the reserved namespaces, the
 * policies, the time and the answers of the workers. A call writes nothing and changes no state of
 * a node. But it calls plug-in workers: each call counts in the status, the metrics and the trace
 * of its worker, a failure is logged and becomes an Event, and the names that a worker has
 * contributed are remembered, because they stay on nodes while it does not answer. {@link
 * io.nodeqos.reconcile.Admission} decides which part of a plan may happen now, if that depends on
 * other nodes.
 */
public final class NodePlanner {
  /** The start of the message of a node that cannot be configured. */
  public static final String NOT_CONFIGURED = "The node is not configured: ";

  private static final String NO_CAPACITY = "The node reports no CPU and memory capacity.";

  /** A kubelet may create its Node first and post the status later: this delay costs no write. */
  private static final Duration CAPACITY_GRACE = Duration.ofSeconds(10);

  private final ConfigSyncer configSyncer;
  private final StatusUpdater statusUpdater;

  public NodePlanner(ConfigSyncer configSyncer, StatusUpdater statusUpdater) {
    this.configSyncer = configSyncer;
    this.statusUpdater = statusUpdater;
  }

  /** True for a node that keeps another configuration, warm or not. */
  public static boolean cannotBeConfigured(Summary summary) {
    return summary.message().startsWith(NOT_CONFIGURED);
  }

  public NodePlan decide(Observation given) {
    Observation seen = given.completed();
    NodeView node = seen.node();
    PolicyRemovals removals = seen.policies().removals();
    NodeCleanup cleanup = NodeCleanup.of(node, seen.config(), removals);
    NodePlan plan = decide(seen, cleanup);
    boolean isFrozen = plan.summary().freeze().isPresent();
    // A node that stays as it is also keeps the label: it goes on pulling.
    return plan.withImages(plan.leavesAlone() ? ImagePlan.NONE : ImagePlanner.plan(seen))
        .withSummary(
            plan.summary()
                .withLeftovers(
                    isFrozen && node.meta().deleting() ? List.of() : cleanup.leaving(),
                    isFrozen
                        ? List.of()
                        : OrphanTaints.on(node, removals, going(seen.config(), plan, cleanup))));
  }

  /** Keys of the startup taints that are removed, now or when the node is warm. */
  private static Set<String> going(CompiledConfig config, NodePlan plan, NodeCleanup cleanup) {
    Set<String> keys = new HashSet<>(cleanup.taints());
    if (config.sections().warmUp().isPresent()) {
      keys.add(config.sections().warmUp().get().taintKey());
      keys.addAll(plan.memory().startupTaints());
    }
    return keys;
  }

  private NodePlan decide(Observation seen, NodeCleanup cleanup) {
    NodeView node = seen.node();
    CompiledConfig config = seen.config();
    if (cleanup.isIdle()) {
      return IdlePlan.unreadableSource(seen)
          .map(policy -> IdlePlan.frozen(seen, Freeze.Cause.INVALID, policy))
          .orElseGet(() -> IdlePlan.of(seen, NodePhase.UNMANAGED, "No policy selects the node."));
    }
    if (node.meta().deleting()) {
      return IdlePlan.frozen(seen, Freeze.Cause.DELETING, "");
    }
    if (config.suspendedBy().isPresent()) {
      return IdlePlan.frozen(seen, Freeze.Cause.SUSPENDED, config.suspendedBy().get());
    }
    if (config.isManaged() && !node.hasCapacity()) {
      return withoutCapacity(seen);
    }
    return cleanup.applyTo(plan(seen, config.withRetained(cleanup.retained()), cleanup), node);
  }

  /**
   * The node stays as it is; after a while, a node that is not warm gets a condition with the
   * reason.
   */
  private NodePlan withoutCapacity(Observation seen) {
    NodePlan idle = IdlePlan.of(seen, NodePhase.PENDING, NO_CAPACITY);
    Optional<WarmUpPlan> warmUp =
        WarmUpRequest.of(seen, seen.config())
            .filter(r -> !r.isWarm())
            .map(r -> statusUpdater.held(r, Reason.NO_CAPACITY, NO_CAPACITY, seen.now()));
    if (warmUp.isEmpty()) {
      return idle;
    }
    Instant wall = seen.now().plus(seen.wallAhead());
    Duration age = Duration.between(seen.node().meta().createdAt(), wall);
    return age.compareTo(CAPACITY_GRACE) < 0
        ? idle.checkNoLaterThan(Optional.of(seen.now().plus(CAPACITY_GRACE)))
        : saying(idle, warmUp.get());
  }

  /** The plan with only the condition of the warm-up. */
  private static NodePlan saying(NodePlan plan, WarmUpPlan warmUp) {
    Summary said = warmUp.summary();
    return plan.withSummary(plan.summary().because(said.reason(), said.message()))
        .withStatus(StatusChange.of(warmUp.condition()))
        .withTransitions(warmUp.transitions())
        .withMemory(warmUp.memory())
        .checkNoLaterThan(warmUp.checkAgainAt());
  }

  private NodePlan plan(Observation seen, CompiledConfig config, NodeCleanup cleanup) {
    WorkTrace trace = WorkTrace.current();
    Instant now = seen.now();
    ConfigSyncer.Request request = configRequest(seen, config);
    ConfigPlan.Choice choice = trace.part("sync config", () -> configSyncer.sync(request, now));
    // Gates are checked with the wanted version, not the present version of the node.
    CompiledConfig wanted = choice.alone().config();
    Optional<WarmUpRequest> warmUp = WarmUpRequest.of(seen, wanted);
    WarmUpPlan byGates =
        trace.part(
            "update status",
            () ->
                warmUp
                    .map(r -> statusUpdater.plan(r, now))
                    .orElseGet(() -> WarmUpPlan.none(withoutWarmUp(cleanup), seen.memory())));
    ConfigPlan configured = choice.where(!byGates.metadata().isEmpty() && !byGates.takesMark());
    Optional<String> problem = configured.problem().map(p -> NOT_CONFIGURED + p + ".");
    // Otherwise tenants would be scheduled to a node without a reservation.
    WarmUpPlan warmed =
        warmUp
            .filter(r -> problem.isPresent() && !r.isWarm())
            .map(r -> statusUpdater.held(r, Reason.NOT_CONFIGURED, problem.get(), now))
            .orElse(byGates);
    NodePlan plan =
        both(configured, warmed)
            .withSummary(
                said(warmed.summary(), problem)
                    .withVersion(wanted.version())
                    .withPolicies(config.matching(), config.contributing())
                    .withOutdated(config.revisions().outdated().stream().sorted().toList())
                    .withCrowdedOut(configured.crowdedOut()));
    return warmed.waits() ? waiting(plan, seen) : plan;
  }

  private static ConfigSyncer.Request configRequest(Observation seen, CompiledConfig config) {
    boolean isTainted =
        config
            .sections()
            .warmUp()
            .filter(w -> new StartupTaint(w.taintKey()).isOn(seen.node()))
            .isPresent();
    return new ConfigSyncer.Request(
        seen.node(), seen.reserved(), config, seen.memory().reservation(), isTainted);
  }

  private static NodePlan both(ConfigPlan configured, WarmUpPlan warmed) {
    boolean isNewVersion = configured.metadata().setLabels().containsKey(Keys.CONFIG_VERSION);
    return new NodePlan(
        warmed.summary(),
        configured.metadata().plus(warmed.metadata()),
        ImagePlan.NONE,
        configured.resources().withConditionOf(StatusChange.of(warmed.condition())),
        Stream.concat(
                isNewVersion ? Stream.of(PlannedTransition.CONFIG_UPDATED) : Stream.empty(),
                warmed.transitions().stream())
            .toList(),
        warmed.memory().withReservation(configured.memory()),
        Instants.earliest(warmed.checkAgainAt(), configured.checkAgainAt()));
  }

  private static Summary said(Summary warmUp, Optional<String> problem) {
    Summary said = warmUp.because(warmUp.reason(), problem.orElse(warmUp.message()));
    return problem.isPresent() && warmUp.phase() == NodePhase.CONFIGURED
        ? said.in(NodePhase.PENDING)
        : said;
  }

  /**
   * Records the known boot of a waiting node, and decides the node again when more evidence of that
   * boot counts.
   */
  private static NodePlan waiting(NodePlan plan, Observation seen) {
    NodeBoot boot = seen.memory().boot();
    MetadataChange change =
        NodeBoot.wasWarm(seen.node())
            ? plan.base().plus(WarmUpMark.withoutBoot(seen.node()))
            : plan.base();
    return plan.withBase(
            boot.unrecordedOn(seen.node(), !change.isEmpty())
                .map(value -> change.withAnnotation(Keys.WARMING_UP_FOR, value))
                .orElse(change))
        .checkNoLaterThan(
            new BootEvidence(seen.node(), boot, seen.now()).settlesAt(seen.reserved()));
  }

  private static Summary withoutWarmUp(NodeCleanup cleanup) {
    return cleanup.managed()
        ? Summary.of(NodePhase.CONFIGURED).because("", "No policy warms the node up.")
        : Summary.of(NodePhase.UNMANAGED).because("", cleanup.sentence());
  }
}
