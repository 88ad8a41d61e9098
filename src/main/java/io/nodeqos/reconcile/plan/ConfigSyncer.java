// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory.ReservationMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.ConfigValue;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.qos.TenantCapacity;
import io.nodeqos.qos.WorkerInput;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.qos.WorkerRegistry.Planned;
import io.nodeqos.reconcile.DampingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Decides the configuration of a node: annotation, version label, extended resources. A pure
 * function of its arguments and of the answers of the workers; a call of a worker counts in its
 * status, as {@link WorkerRegistry#plan} says.
 */
public final class ConfigSyncer {
  /** The end of the problem of a node that a worker keeps from being configured. */
  public static final String NO_ANSWER = " did not answer";

  /** A plug-in worker that did not answer is called again after this time. */
  private static final Duration NO_ANSWER_RETRY = Duration.ofSeconds(30);

  private final WorkerRegistry workers;
  private final Supplier<DampingSettings> damping;
  private final BooleanSupplier publishes;

  /**
   * @param publishes whether reservations are published for Koordinator, asked at each decision
   */
  public ConfigSyncer(
      WorkerRegistry workers, Supplier<DampingSettings> damping, BooleanSupplier publishes) {
    this.workers = workers;
    this.damping = damping;
    this.publishes = publishes;
  }

  /**
   * The input of a decision.
   *
   * @param quiet the node carries the startup taint: a changed reservation can wait, as no tenant
   *     runs there yet
   */
  record Request(
      NodeView node,
      ReservedState reserved,
      CompiledConfig config,
      ReservationMemory memory,
      boolean quiet) {}

  ConfigPlan.Choice sync(Request request, Instant now) {
    NodeView node = request.node();
    if (!request.config().isRecorded()) {
      return ConfigPlan.Choice.only(
          new ConfigPlan(
              request.config(),
              MetadataChange.removal(node, Set.of(Keys.CONFIG_VERSION), Set.of(Keys.CONFIG))
                  .plus(KoordinatorReservation.on(node).removed()),
              ResourceDifference.removal(node),
              ReservationMemory.NONE,
              Optional.empty(),
              Optional.empty(),
              List.of()));
    }
    Planned wanted = workers.plan(input(request, Optional.empty()));
    Optional<Resources> published = published(node);
    if (published.isEmpty()
        || wanted.reservation().isEmpty()
        || wanted.reservation().equals(published)) {
      return ConfigPlan.Choice.only(
          published(
              request,
              difference(request, wanted, request.memory().withoutPendingDecrease(), now),
              false));
    }
    Resources target = wanted.reservation().get();
    Planned held = workers.plan(input(request, published));
    ConfigPlan unpublished = difference(request, held, request.memory(), now);
    ConfigPlan withHeld = published(request, unpublished, true);
    if (!request.reserved().readable() && !target.exceeds(published.get())) {
      // Pods that cannot be read may still be there: their reservation stays.
      return ConfigPlan.Choice.only(withHeld);
    }
    ConfigPlan atOnce =
        published(
            request,
            difference(request, wanted, request.memory().withoutPendingDecrease(), now),
            false);
    // A reservation that cannot stay because the node has become smaller is not damped. The
    // annotation of Koordinator does not count: it can change on all nodes at once.
    if (!unpublished.metadata().isEmpty() || unpublished.problem().isPresent()) {
      return ConfigPlan.Choice.only(atOnce);
    }
    ConfigPlan damped =
        damped(
            request,
            published(request, difference(request, wanted, request.memory(), now), false),
            withHeld,
            target,
            published.get(),
            now);
    return new ConfigPlan.Choice(damped, atOnce);
  }

  /** Only the reservation differs, so that the node would be written for it alone. */
  private ConfigPlan damped(
      Request request,
      ConfigPlan undamped,
      ConfigPlan held,
      Resources wanted,
      Resources published,
      Instant now) {
    ReservationMemory memory = request.memory();
    if (request.quiet()) {
      return held;
    }
    if (wanted.exceeds(published)) {
      Optional<Instant> due = memory.writtenAt().map(t -> t.plus(damping.get().raiseReservation()));
      return isDue(due, now) ? undamped : held.waiting(memory.withoutPendingDecrease(), due);
    }
    ReservationMemory pending = memory.withPendingDecrease(wanted, now);
    Optional<Instant> due = pending.lowerSince().map(t -> t.plus(damping.get().lowerReservation()));
    return isDue(due, now) ? undamped : held.waiting(pending, due);
  }

  private static boolean isDue(Optional<Instant> due, Instant now) {
    return due.isEmpty() || !now.isBefore(due.get());
  }

  private ConfigPlan difference(
      Request request, Planned planned, ReservationMemory memory, Instant now) {
    NodeView node = request.node();
    if (!planned.failed().isEmpty()) {
      return unchanged(
          request, memory, "worker " + String.join(", ", planned.failed()) + NO_ANSWER);
    }
    Optional<String> none = tenantCapacity(request, planned).flatMap(TenantCapacity::shortage);
    if (none.isPresent()) {
      return unchanged(request, memory, none.get());
    }
    boolean crowdsOut = crowdsOut(request, planned);
    ConfigValue value =
        ConfigValue.of(
            request.config(), crowdsOut ? planned.config() : sections(request.node(), planned));
    Optional<String> tooLarge = value.tooLarge();
    if (tooLarge.isPresent()) {
      return unchanged(request, memory, tooLarge.get());
    }
    CompiledConfig config = value.config();
    Map<String, String> labels = new TreeMap<>();
    if (config.hasConfig() && !config.version().equals(node.labels().get(Keys.CONFIG_VERSION))) {
      labels.put(Keys.CONFIG_VERSION, config.version());
    }
    Map<String, String> annotations = new TreeMap<>();
    if (!value.text().equals(node.annotations().get(Keys.CONFIG))) {
      annotations.put(Keys.CONFIG, value.text());
    }
    return new ConfigPlan(
        config,
        new MetadataChange(
            labels, versionGone(node, config), annotations, Set.of(), Optional.empty()),
        ResourceDifference.of(node, planned, config),
        memory,
        planned.retained().mayAnswerLater()
            ? Optional.of(now.plus(NO_ANSWER_RETRY))
            : Optional.empty(),
        Optional.empty(),
        crowdsOut ? planned.retained().workers() : List.of());
  }

  /** Empty when no policy reserves anything, or sets a quota. */
  private static Optional<TenantCapacity> tenantCapacity(Request request, Planned planned) {
    return planned.config().containsKey(Section.QUOTA.field()) || planned.reservation().isPresent()
        ? Optional.of(
            new TenantCapacity(
                request.node(), planned.reservation().orElseGet(() -> kept(request))))
        : Optional.empty();
  }

  /**
   * Retained sections of plug-in workers give way to the sections of policies: a node that kept
   * them could not be configured again while these workers do not answer.
   */
  private static boolean crowdsOut(Request request, Planned planned) {
    Map<String, Object> sections = sections(request.node(), planned);
    return sections.size() > planned.config().size()
        && ConfigValue.of(request.config(), sections).tooLarge().isPresent();
  }

  /** With the sections on the node of plug-in workers that do not answer now. */
  private static Map<String, Object> sections(NodeView node, Planned planned) {
    String present = node.annotations().get(Keys.CONFIG);
    if (planned.retained().isEmpty() || present == null) {
      return planned.config();
    }
    Map<String, Object> sections = ConfigAnnotation.pluginSections(present);
    sections.keySet().removeIf(name -> !planned.retained().keepsSection(name));
    sections.putAll(planned.config());
    return sections;
  }

  private static ConfigPlan unchanged(Request request, ReservationMemory memory, String problem) {
    return new ConfigPlan(
        request.config(),
        MetadataChange.NONE,
        StatusChange.NONE,
        memory,
        Optional.empty(),
        Optional.of(problem),
        List.of());
  }

  private static Set<String> versionGone(NodeView node, CompiledConfig config) {
    return !config.hasConfig() && node.labels().containsKey(Keys.CONFIG_VERSION)
        ? Set.of(Keys.CONFIG_VERSION)
        : Set.of();
  }

  /**
   * The plan with the reservation as Koordinator reads it.
   *
   * @param isHeld the plan has the reservation that the node carries, and not the wanted one
   */
  private ConfigPlan published(Request request, ConfigPlan plan, boolean isHeld) {
    return plan.problem().isPresent() ? plan : plan.plus(published(request, isHeld));
  }

  private MetadataChange published(Request request, boolean isHeld) {
    KoordinatorReservation present = KoordinatorReservation.on(request.node());
    if (!publishes.getAsBoolean()) {
      return present.removed();
    }
    if (request.config().keeps(Section.RESERVATION) || (isHeld && present.isOurs())) {
      return present.kept();
    }
    return request
        .config()
        .sections()
        .reservation()
        .map(present::published)
        .orElseGet(present::removed);
  }

  private static Optional<Resources> published(NodeView node) {
    return Optional.ofNullable(node.annotations().get(Keys.CONFIG))
        .flatMap(ConfigAnnotation::reservation);
  }

  private static WorkerInput input(Request request, Optional<Resources> held) {
    return new WorkerInput(
        request.node(), request.reserved(), request.config(), held, kept(request));
  }

  private static Resources kept(Request request) {
    return request.config().keeps(Section.RESERVATION)
        ? published(request.node()).orElse(Resources.NONE)
        : Resources.NONE;
  }
}
