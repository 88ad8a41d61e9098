// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import com.google.gson.JsonObject;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.spec.PolicySpec.Advertise;
import io.nodeqos.policy.spec.PolicySpec.Cpu;
import io.nodeqos.policy.spec.PolicySpec.Memory;
import io.nodeqos.policy.spec.PolicySpec.QosClass;
import io.nodeqos.policy.spec.PolicySpec.Quota;
import io.nodeqos.policy.spec.PolicySpec.Reservation;
import io.nodeqos.policy.spec.PolicySpec.Sections;
import io.nodeqos.policy.spec.WarmUp.ConfigApplied;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Decodes and validates the {@code spec} of a NodeQoSPolicy. */
public final class SpecDecoder {
  static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern CLASS_NAME = Pattern.compile("(?=.{1,50}$)" + DNS_LABEL.pattern());
  private static final Pattern DELETION_POLICY = Pattern.compile("Keep|Remove");
  private static final int MAX_EXPRESSIONS = 64;

  private final StartupTaintPrefixes taints;

  /**
   * @param taints the prefixes that the key of a startup taint may have
   */
  public SpecDecoder(StartupTaintPrefixes taints) {
    this.taints = taints;
  }

  /**
   * Never throws.
   *
   * @param problems gets a sentence for each mistake; with one the result must not be used
   */
  public PolicySpec decode(JsonObject object, List<String> problems) {
    SpecReader spec = new SpecReader(object, "spec", problems);
    Map<Section, Object> sections = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      section.decode(spec).ifPresent(value -> sections.put(section, value));
    }
    checkTaintKey(new Sections(sections), problems);
    return new PolicySpec(
        spec.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(0),
        spec.child("nodeSelector")
            .map(r -> selector(r, ForbiddenKeys.OF_NODES))
            .orElse(LabelSelector.EVERYTHING),
        spec.bool("suspend"),
        spec.bool("dryRun"),
        spec.text("deletionPolicy", DELETION_POLICY, "Keep or Remove")
            .map(DeletionPolicy::parse)
            .orElse(DeletionPolicy.KEEP),
        new Sections(sections),
        rollout(spec, new Sections(sections)));
  }

  private static Optional<RolloutSpec> rollout(SpecReader spec, Sections sections) {
    Optional<RolloutSpec> rollout = spec.child("rollout").map(RolloutDecoder::rollout);
    boolean isAcknowledged =
        sections
            .warmUp()
            .filter(w -> w.gates().stream().anyMatch(ConfigApplied.class::isInstance))
            .isPresent();
    if (!isAcknowledged && rollout.flatMap(r -> r.health().ackWithin()).isPresent()) {
      spec.problem(
          "spec.rollout.health.ackWithin is set; allowed is only with the gate"
              + " spec.warmUp.configApplied, by which agents are known to acknowledge");
    }
    return rollout;
  }

  private void checkTaintKey(Sections sections, List<String> problems) {
    sections
        .warmUp()
        .map(WarmUp::taintKey)
        .filter(key -> !taints.allow(key))
        .ifPresent(
            key ->
                problems.add(
                    "spec.warmUp.taintKey" + ForbiddenKeys.refused(key, taints.inWords())));
  }

  static Reservation reservation(SpecReader r) {
    return new Reservation(
        r.amount("cpu"),
        r.amount("memory"),
        r.amount("ephemeralStorage"),
        r.bool("countReservedPods"));
  }

  static Quota quota(SpecReader r) {
    List<QosClass> classes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SpecReader element : r.children("classes", Quota.MAX_CLASSES)) {
      QosClass qosClass = qosClass(element);
      if (!names.add(qosClass.name())) {
        element.problem(
            element.path("name") + ": \"" + qosClass.name() + "\" is used by two classes");
      }
      classes.add(qosClass);
    }
    return new Quota(List.copyOf(classes));
  }

  private static QosClass qosClass(SpecReader r) {
    Optional<SpecReader> cpu = r.child("cpu");
    Optional<SpecReader> memory = r.child("memory");
    Optional<SpecReader> advertise = r.child("advertise");
    return new QosClass(
        r.required("name", CLASS_NAME, "a DNS label of at most 50 characters"),
        new Cpu(
            cpu.flatMap(c -> c.integer("weight", 1, 10_000)), cpu.flatMap(c -> c.amount("max"))),
        new Memory(
            memory.flatMap(m -> m.amount("min")),
            memory.flatMap(m -> m.amount("high")),
            memory.flatMap(m -> m.amount("max"))),
        r.child("io").flatMap(io -> io.integer("weight", 1, 10_000)),
        new Advertise(
            advertise.flatMap(a -> a.amount("cpu")), advertise.flatMap(a -> a.amount("memory"))));
  }

  static LabelSelector selector(SpecReader r, ForbiddenKeys forbidden) {
    List<Requirement> expressions = new ArrayList<>();
    for (SpecReader e : r.children("matchExpressions", MAX_EXPRESSIONS)) {
      expressions.add(requirement(e, forbidden));
    }
    Map<String, String> labels = r.textMap("matchLabels");
    labels
        .keySet()
        .forEach(
            key ->
                forbidden
                    .problem(key, "In")
                    .ifPresent(problem -> r.problem(r.path("matchLabels") + problem)));
    return new LabelSelector(labels, expressions);
  }

  private static Requirement requirement(SpecReader r, ForbiddenKeys forbidden) {
    String key = r.required("key", Pattern.compile(".+"), "a label key");
    List<String> values = r.texts("values", MAX_EXPRESSIONS);
    String operator =
        r.required(
            "operator",
            Pattern.compile("In|NotIn|Exists|DoesNotExist"),
            "In, NotIn, Exists or DoesNotExist");
    forbidden.problem(key, operator).ifPresent(problem -> r.problem(r.path("key") + problem));
    boolean wantsValues = operator.equals("In") || operator.equals("NotIn");
    if (wantsValues && values.isEmpty()) {
      r.problem(r.path("values") + " is empty; " + operator + " needs at least one value");
    } else if (!wantsValues && !values.isEmpty()) {
      r.problem(r.path("values") + " is set; " + operator + " takes no values");
    }
    return new Requirement(
        key,
        switch (operator) {
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
          default -> Operator.EXISTS;
        },
        values);
  }
}
