// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.election.Fence;
import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicySpec.Images;
import io.nodeqos.policy.Section;
import io.nodeqos.reconcile.ClusterView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts the label {@link Keys#IMAGES}, which a spinner DaemonSet selects by, on the nodes that lack
 * images, a bounded number at a time, and takes it off again. It adds that to a plan that has been
 * made already, so that one patch writes both. Thread-safe.
 *
 * <p>Who leads decides; the slots taken are counted as the term begins, from the labels that nodes
 * carry, and those nodes are looked at, so that each makes room when its time is up. A node that is
 * frozen or has no capacity yet keeps its label, but holds no slot. A standby plans the label for
 * every node that wants it: those are then the ones that a new leader looks at first.
 */
public final class ImageRollout {
  /**
   * What the last leader wrote shall be in the cache before the labels are counted. In this time
   * the nodes that wait get in line as well, so that those that have waited longest come first.
   */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final SpinnerSettings settings;
  private final ClusterView cluster;
  private final SpinnerView spinners;
  private final Fence fence;
  private final PullSlots slots;

  // Guarded by this: nodes that stay as they are, whose labels are not counted.
  private final Set<String> idle = new HashSet<>();
  private long term = -1;
  private Instant countAt = Instant.EPOCH;
  private boolean counted;

  /**
   * Creates it with all slots free.
   *
   * @param wake hears the names of nodes that shall be decided again; must not block
   */
  public ImageRollout(
      SpinnerSettings settings,
      ClusterView cluster,
      SpinnerView spinners,
      Fence fence,
      Consumer<String> wake) {
    this.settings = settings;
    this.cluster = cluster;
    this.spinners = spinners;
    this.fence = fence;
    this.slots = new PullSlots(settings.maxConcurrentPulls(), settings.pullTimeout(), wake);
  }

  /** What is known of the node, and whether its images can be pulled at all. */
  public ReservedState observed(CompiledConfig config, ReservedState reserved) {
    return Optional.ofNullable(config.sources().get(Section.IMAGES))
        .flatMap(this::spinner)
        .filter(spinner -> !spinner.mountsImages())
        .map(
            dropped ->
                reserved.withPulls(
                    new ImagePulls(
                        reserved.pulls().pods(), Optional.of(ImageProblems.UNSUPPORTED))))
        .orElse(reserved);
  }

  private Optional<SpinnerDaemonSet> spinner(String policy) {
    return settings.enabled()
        ? spinners.spinner(SpinnerSpec.name(policy, settings)).filter(s -> !s.deleting())
        : Optional.empty();
  }

  /** The plan, and what becomes of the node's label. */
  public NodePlan plan(
      NodeView node, ReservedState reserved, CompiledConfig config, NodePlan plan, Instant now) {
    // Asked once: a term that begins meanwhile has not counted who pulls.
    boolean leads = fence.isOpen();
    Optional<Instant> settlesAt = leads ? beginTerm(now) : Optional.empty();
    if (plan.summary().freeze().isPresent() || plan.summary().phase() == NodePhase.PENDING) {
      // It stays as it is. One that has the label goes on pulling, but nobody waits for it: it is
      // never asked to make room.
      idles(node.name());
      slots.leave(node.name(), now);
      return plan;
    }
    idlesNot(node.name());
    Optional<ImageEvidence> evidence =
        ImageEvidence.of(new BootEvidence(node, plan.memory().boot(), now), reserved, config);
    if (evidence.isEmpty()) {
      leaveUnlessLabelled(node, now);
      // Of a node that no policy selects any more only the label goes: it would hold a slot. Not
      // asked of the phase: the brake calls what it holds warm.
      return with(plan, config.isManaged() ? withoutAny(node) : withoutLabel(node));
    }
    if (!evidence.get().wantsPull()) {
      leaveUnlessLabelled(node, now);
      return with(plan, present(node, evidence.get(), config, !plan.metadata().isEmpty()));
    }
    String policy = config.sources().get(Section.IMAGES);
    if (!settings.enabled()
        || evidence.get().unsupported().isPresent()
        || !mayStart(node, policy, config)) {
      leaveUnlessLabelled(node, now);
      return with(plan, withoutLabel(node));
    }
    if (!leads) {
      return with(plan, label(node, policy));
    }
    Instant since = plan.memory().warmUp().map(WarmUpTimes::begin).orElse(now);
    if (settlesAt.isEmpty()) {
      return rationed(node, policy, since, plan, now);
    }
    if (!node.labels().containsKey(Keys.IMAGES)) {
      slots.waits(node.name(), since);
    }
    return again(plan, settlesAt.get());
  }

  /** The slot is free once the label is off, not when that has been decided. */
  private void leaveUnlessLabelled(NodeView node, Instant now) {
    if (!node.labels().containsKey(Keys.IMAGES)) {
      slots.leave(node.name(), now);
    }
  }

  /**
   * A node that is not Ready starts no pods, and would keep others waiting; without the DaemonSet
   * nothing would be pulled. A node that has the label already goes on.
   */
  private boolean mayStart(NodeView node, String policy, CompiledConfig config) {
    if (policy.equals(node.labels().get(Keys.IMAGES))) {
      return true;
    }
    String version = config.sections().images().map(Images::pullVersion).orElse("");
    boolean pulls =
        spinner(policy).map(SpinnerDaemonSet::pullVersion).filter(version::equals).isPresent();
    return pulls && node.condition("Ready").filter(NodeCondition::isTrue).isPresent();
  }

  private NodePlan rationed(
      NodeView node, String policy, Instant since, NodePlan plan, Instant now) {
    if (node.labels().containsKey(Keys.IMAGES)) {
      slots.pulls(node.name(), now);
    } else {
      slots.pullsNot(node.name(), now);
    }
    return switch (slots.ask(node.name(), since, now)) {
      case HOLDS -> {
        NodePlan pulls = with(plan, label(node, policy));
        yield slots
            .end(node.name())
            .filter(end -> end.isAfter(now))
            .map(end -> again(pulls, end))
            .orElse(pulls);
      }
      case WAITS -> plan;
      case GIVES_UP -> {
        if (!node.labels().containsKey(Keys.IMAGES)) {
          // It never came to pull: no removal will be seen.
          slots.pullsNot(node.name(), now);
        }
        yield with(plan, withoutLabel(node));
      }
    };
  }

  /**
   * Counts the labels once in each term, when it has settled; says when that will be, and is empty
   * when it is done.
   */
  private synchronized Optional<Instant> beginTerm(Instant now) {
    long current = fence.epoch();
    if (term != current) {
      term = current;
      countAt = now.plus(SETTLE);
      counted = false;
      slots.clear();
    }
    if (now.isBefore(countAt)) {
      return Optional.of(countAt);
    }
    if (!counted) {
      counted = true;
      List<String> pulling =
          cluster.nodeNames().stream()
              .filter(name -> !idle.contains(name))
              .filter(
                  name ->
                      cluster
                          .node(name)
                          .filter(n -> n.labels().containsKey(Keys.IMAGES))
                          .isPresent())
              .toList();
      slots.begin(pulling, now);
    }
    return Optional.empty();
  }

  // Under the lock that the labels are counted under: a node that is counted just before it goes
  // idle leaves its slot afterwards.
  private synchronized void idles(String node) {
    idle.add(node);
  }

  private synchronized void idlesNot(String node) {
    idle.remove(node);
  }

  /** A node is gone. To be called in turn with {@link #plan} of the same node. */
  public void forget(String node, Instant now) {
    idlesNot(node);
    slots.leave(node, now);
  }

  /** Until when the node may pull, if others wait then; empty while it has no turn. */
  public Optional<Instant> turn(String node) {
    return slots.end(node);
  }

  /** Nodes that pull, by what this process has decided; 0 on a standby. */
  public int pulling() {
    return fence.isOpen() ? slots.holding() : 0;
  }

  /** Nodes that wait for their turn; 0 on a standby. */
  public int waiting() {
    return fence.isOpen() ? slots.waiting() : 0;
  }

  private static MetadataChange label(NodeView node, String policy) {
    return policy.equals(node.labels().get(Keys.IMAGES))
        ? MetadataChange.NONE
        : change(Map.of(Keys.IMAGES, policy), Set.of(), Map.of(), Set.of());
  }

  private static MetadataChange withoutLabel(NodeView node) {
    return node.labels().containsKey(Keys.IMAGES)
        ? change(Map.of(), Set.of(Keys.IMAGES), Map.of(), Set.of())
        : MetadataChange.NONE;
  }

  private static MetadataChange withoutAny(NodeView node) {
    return change(
        Map.of(),
        node.labels().containsKey(Keys.IMAGES) ? Set.of(Keys.IMAGES) : Set.of(),
        Map.of(),
        node.annotations().containsKey(Keys.IMAGES_PRESENT)
            ? Set.of(Keys.IMAGES_PRESENT)
            : Set.of());
  }

  /**
   * Takes the label off and notes what was seen, as the pod that proves it goes with the label. The
   * note also rides along with other changes, but is never one of its own.
   */
  private static MetadataChange present(
      NodeView node, ImageEvidence evidence, CompiledConfig config, boolean ridesAlong) {
    boolean labelled = node.labels().containsKey(Keys.IMAGES);
    boolean pulls = config.sections().images().filter(i -> !i.pulled().isEmpty()).isPresent();
    boolean noted = evidence.proof().equals(node.annotations().get(Keys.IMAGES_PRESENT));
    return change(
        Map.of(),
        labelled ? Set.of(Keys.IMAGES) : Set.of(),
        pulls && !noted && (labelled || ridesAlong)
            ? Map.of(Keys.IMAGES_PRESENT, evidence.proof())
            : Map.of(),
        Set.of());
  }

  private static MetadataChange change(
      Map<String, String> setLabels,
      Set<String> removeLabels,
      Map<String, String> setAnnotations,
      Set<String> removeAnnotations) {
    return new MetadataChange(
        setLabels, removeLabels, setAnnotations, removeAnnotations, Optional.empty());
  }

  private static NodePlan with(NodePlan plan, MetadataChange more) {
    return plan.withMetadata(plan.metadata().plus(more));
  }

  private static NodePlan again(NodePlan plan, Instant at) {
    return plan.checkNoLaterThan(Optional.of(at));
  }
}
