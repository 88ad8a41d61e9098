// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeBoot;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.node.plan.NodePlan.Transition;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.Departures;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides what a node shall carry: a pure function of what is known of the node, the reserved
 * namespaces, the policies and the time. Whoever wants to know what would happen asks this class.
 */
public final class NodePlanner {
  private static final String NO_CAPACITY = "The node reports no capacity of CPU and memory.";

  /** A kubelet may create its Node first and post the status after that: no write of its own. */
  private static final Duration CAPACITY_GRACE = Duration.ofSeconds(10);

  private final ConfigSyncer configSyncer;
  private final StatusUpdater statusUpdater;

  public NodePlanner(ConfigSyncer configSyncer, StatusUpdater statusUpdater) {
    this.configSyncer = configSyncer;
    this.statusUpdater = statusUpdater;
  }

  /**
   * All that a decision depends on.
   *
   * @param wallAhead how far the wall clock, which the times on objects are of, is ahead of the
   *     clock that the time of the decision is of
   */
  public record Observation(
      NodeView node,
      ReservedState reserved,
      NodeMemory memory,
      PolicyCatalog.Snapshot policies,
      Duration wallAhead) {
    /** Where the wall clock shows the time of the decision. */
    public Observation(
        NodeView node, ReservedState reserved, NodeMemory memory, PolicyCatalog.Snapshot policies) {
      this(node, reserved, memory, policies, Duration.ZERO);
    }

    /** With what is remembered of the node as it is now. */
    private Observation remembered(CompiledConfig config, Instant now) {
      NodeMemory current = memory.seeing(node, now);
      return new Observation(
          node,
          reserved,
          current.withStartupTaints(StartupTaint.known(node, config, current)),
          policies,
          wallAhead);
    }
  }

  public NodePlan decide(Observation seen, Instant now) {
    NodeView node = seen.node();
    CompiledConfig config = seen.policies().compile(node);
    Departures departures = seen.policies().departures();
    Leftovers left = Leftovers.of(node, config, departures);
    NodePlan plan = decide(seen.remembered(config, now), config, left, now);
    return plan.summary().freeze().isPresent()
        ? plan.remaining(node.meta().deleting() ? List.of() : left.leaving(), List.of())
        : plan.remaining(
            left.leaving(), OrphanTaints.on(node, departures, going(config, plan, left)));
  }

  /** Keys of the startup taints that go, now or when the node is warm. */
  private static Set<String> going(CompiledConfig config, NodePlan plan, Leftovers left) {
    Set<String> keys = new HashSet<>(left.taints());
    if (config.sections().warmUp().isPresent()) {
      keys.add(config.sections().warmUp().get().taintKey());
      keys.addAll(plan.memory().startupTaints());
    }
    return keys;
  }

  private NodePlan decide(Observation seen, CompiledConfig config, Leftovers left, Instant now) {
    NodeView node = seen.node();
    if (left.isIdle()) {
      return unreadableSource(seen)
          .map(policy -> frozen(seen, config, Freeze.Cause.INVALID, policy))
          .orElseGet(() -> idle(seen, config, NodePhase.UNMANAGED, "No policy selects the node."));
    }
    if (node.meta().deleting()) {
      return frozen(seen, config, Freeze.Cause.DELETING, "");
    }
    if (config.suspendedBy().isPresent()) {
      return frozen(seen, config, Freeze.Cause.SUSPENDED, config.suspendedBy().get());
    }
    if (config.isManaged() && !node.hasCapacity()) {
      return withoutCapacity(seen, config, now);
    }
    return left.takenOff(plan(seen, config.withKept(left.kept()), left, now), node);
  }

  /** The node keeps what it has; one that is not warm says why it waits, if that lasts. */
  private NodePlan withoutCapacity(Observation seen, CompiledConfig config, Instant now) {
    NodePlan idle = idle(seen, config, NodePhase.PENDING, NO_CAPACITY);
    Optional<Marks> marks =
        request(seen, config)
            .filter(r -> !r.isWarm())
            .map(r -> statusUpdater.held(r, Reason.NO_CAPACITY, NO_CAPACITY, now));
    if (marks.isEmpty()) {
      return idle;
    }
    Duration age = Duration.between(seen.node().meta().createdAt(), now.plus(seen.wallAhead()));
    return age.compareTo(CAPACITY_GRACE) < 0
        ? new NodePlan(
            idle.summary(),
            idle.metadata(),
            idle.status(),
            idle.transitions(),
            idle.memory(),
            Optional.of(now.plus(CAPACITY_GRACE)))
        : saying(idle, marks.get());
  }

  /** The plan with the condition of the marks and nothing else of them. */
  private static NodePlan saying(NodePlan plan, Marks marks) {
    Summary said = plan.summary();
    return new NodePlan(
        new Summary(
            said.phase(),
            said.configVersion(),
            marks.reason(),
            marks.message(),
            said.matching(),
            said.sources()),
        plan.metadata(),
        new StatusChange(marks.condition(), Map.of(), Set.of()),
        marks.transitions(),
        marks.memory(),
        marks.checkAgainAt());
  }

  /** Empty when no policy warms the node up. */
  private static Optional<StatusUpdater.Request> request(Observation seen, CompiledConfig config) {
    NodeView node = seen.node();
    return config
        .sections()
        .warmUp()
        .map(
            w ->
                new StatusUpdater.Request(
                    node, seen.reserved(), config, w, seen.memory(), seen.wallAhead()));
  }

  private NodePlan plan(Observation seen, CompiledConfig config, Leftovers left, Instant now) {
    WorkTrace trace = WorkTrace.current();
    NodeView node = seen.node();
    NodeMemory memory = seen.memory();
    boolean isTainted =
        config
            .sections()
            .warmUp()
            .filter(w -> new StartupTaint(w.taintKey()).isOn(node))
            .isPresent();
    ConfigSyncer.Request request =
        new ConfigSyncer.Request(node, seen.reserved(), config, memory.reservation(), isTainted);
    ConfigSync.Choice choice = trace.part("sync config", () -> configSyncer.sync(request, now));
    // Gates are asked about the version that the node is to carry, not the one that it carries.
    CompiledConfig wanted = choice.alone().config();
    Optional<StatusUpdater.Request> warmUp = request(seen, wanted);
    Marks byGates =
        trace.part(
            "update status",
            () ->
                warmUp
                    .map(r -> statusUpdater.marks(r, now))
                    .orElseGet(() -> noWarmUp(memory, left)));
    ConfigSync sync = choice.where(!byGates.metadata().isEmpty() && !byGates.takesMark());
    Optional<String> problem = sync.problem().map(p -> "Not configured: " + p + ".");
    // Tenants would come to a node on which nothing is held back from them.
    Marks marks =
        warmUp
            .filter(r -> problem.isPresent() && !r.isWarm())
            .map(r -> statusUpdater.held(r, Reason.NOT_CONFIGURED, problem.get(), now))
            .orElse(byGates);
    List<Transition> transitions = new ArrayList<>(marks.transitions());
    if (sync.metadata().setLabels().containsKey(Keys.CONFIG_VERSION)) {
      transitions.add(0, Transition.CONFIG_UPDATED);
    }
    boolean waits = marks.phase() == NodePhase.WAITING;
    MetadataChange metadata = merged(sync.metadata(), marks.metadata());
    Optional<Instant> settlesAt =
        waits
            ? new BootEvidence(node, memory.boot(), now).settlesAt(seen.reserved())
            : Optional.empty();
    return new NodePlan(
        new Summary(
            problem.isPresent() && marks.phase() == NodePhase.CONFIGURED
                ? NodePhase.PENDING
                : marks.phase(),
            wanted.version(),
            marks.reason(),
            problem.orElse(marks.message()),
            config.matching(),
            config.contributing(),
            marks.deadlocks()),
        waits ? withBoot(metadata, memory.boot(), node) : metadata,
        new StatusChange(
            marks.condition(), sync.resources().setResources(), sync.resources().removeResources()),
        List.copyOf(transitions),
        marks.memory().withReservation(sync.memory()),
        Stream.of(marks.checkAgainAt(), sync.checkAgainAt(), settlesAt)
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder()));
  }

  private static MetadataChange withBoot(MetadataChange change, NodeBoot boot, NodeView node) {
    return boot.unrecordedOn(node, !change.isEmpty())
        .map(value -> change.withAnnotation(Keys.WARMING_UP_FOR, value))
        .orElse(change);
  }

  private static Marks noWarmUp(NodeMemory memory, Leftovers left) {
    return new Marks(
        left.managed() ? NodePhase.CONFIGURED : NodePhase.UNMANAGED,
        "",
        left.managed() ? "No policy warms the node up." : left.sentence(),
        MetadataChange.NONE,
        Optional.empty(),
        List.of(),
        memory
            .withOpenSince(Optional.empty())
            .withWarmUp(Optional.empty())
            .withClosedSince(Map.of()),
        Optional.empty());
  }

  private static NodePlan frozen(
      Observation seen, CompiledConfig config, Freeze.Cause cause, String policy) {
    NodeView node = seen.node();
    String carried = node.labels().getOrDefault(Keys.CONFIG_VERSION, "");
    // Of a policy that cannot be read nobody knows another version than the one that is here.
    boolean current =
        cause == Freeze.Cause.INVALID ? !carried.isEmpty() : carried.equals(config.version());
    NodePlan idle = idle(seen, config, carriedPhase(node, config), "");
    return idle.with(idle.summary().frozen(new Freeze(cause, policy, current)));
  }

  private static NodePhase carriedPhase(NodeView node, CompiledConfig config) {
    if (WarmUpMark.of(node).state() == WarmUpMark.State.VALID) {
      return NodePhase.WARM;
    }
    boolean isWarmedUp =
        config.sections().warmUp().isPresent() || WarmedUpCondition.of(node).isWaiting();
    return isWarmedUp ? NodePhase.WAITING : NodePhase.CONFIGURED;
  }

  private static NodePlan idle(
      Observation seen, CompiledConfig config, NodePhase phase, String message) {
    return new NodePlan(
        new Summary(
            phase,
            seen.node().labels().getOrDefault(Keys.CONFIG_VERSION, ""),
            "",
            message,
            config.matching(),
            config.contributing()),
        MetadataChange.NONE,
        StatusChange.NONE,
        List.of(),
        seen.memory().withClosedSince(Map.of()),
        Optional.empty());
  }

  /**
   * An invalid policy, of which no valid version is known, that the node carries configuration of.
   */
  private static Optional<String> unreadableSource(Observation seen) {
    Set<String> unknown = seen.policies().unknown();
    String annotation = seen.node().annotations().get(Keys.CONFIG);
    if (unknown.isEmpty() || annotation == null) {
      return Optional.empty();
    }
    return ConfigAnnotation.sources(annotation).stream()
        .filter(unknown::contains)
        .sorted()
        .findFirst();
  }

  private static MetadataChange merged(MetadataChange config, MetadataChange marks) {
    return new MetadataChange(
        union(config.setLabels(), marks.setLabels()),
        union(config.removeLabels(), marks.removeLabels()),
        union(config.setAnnotations(), marks.setAnnotations()),
        union(config.removeAnnotations(), marks.removeAnnotations()),
        marks.taints());
  }

  private static Map<String, String> union(Map<String, String> a, Map<String, String> b) {
    Map<String, String> all = new HashMap<>(a);
    all.putAll(b);
    return all;
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> all = new HashSet<>(a);
    all.addAll(b);
    return all;
  }
}
