// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.node.Keys;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.policy.spec.WarmUp.CsiDriver;
import io.nodeqos.policy.spec.WarmUp.GateSpec;
import io.nodeqos.policy.spec.WarmUp.Mode;
import io.nodeqos.policy.spec.WarmUp.OnTimeout;
import io.nodeqos.policy.spec.WarmUp.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Decodes {@code spec.warmUp}. */
final class WarmUpDecoder {
  private static final int MAX_GATES = 32;
  static final Pattern QUALIFIED_NAME =
      Pattern.compile("(?=.{1,317}$)([A-Za-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  static final Pattern STATUS = Pattern.compile("True|False|Unknown");
  private static final Pattern MODE = Pattern.compile("Bootstrap|Continuous");

  /** Without stableFor: a pod that restarts must not keep tenants off. */
  private static final Duration CONTINUOUS_CALM = Duration.ofSeconds(30);

  private static final Pattern NAMESPACE =
      Pattern.compile("(?=.{1,63}$)" + SpecDecoder.DNS_LABEL.pattern());

  private WarmUpDecoder() {}

  static WarmUp warmUp(SpecReader r) {
    String taintKey =
        r.text("taintKey", QUALIFIED_NAME, "a qualified name").orElse(Keys.STARTUP_TAINT);
    List<GateSpec> gates = new ArrayList<>();
    r.child(GateKind.NODE_READY.field()).ifPresent(g -> gates.add(new WarmUp.NodeReady(timing(g))));
    for (SpecReader g : r.children(GateKind.CONDITION.field(), MAX_GATES)) {
      gates.add(
          new WarmUp.Condition(
              notOwn(
                  g,
                  "type",
                  "the type of a node condition",
                  Keys.WARMED_UP_CONDITION::equals,
                  "conditions that this controller does not write"),
              g.text("status", STATUS, "True, False or Unknown").orElse("True"),
              timing(g)));
    }
    for (SpecReader g : r.children(GateKind.RESERVED_PODS.field(), MAX_GATES)) {
      gates.add(
          new WarmUp.ReservedPods(
              g.required("namespace", NAMESPACE, "the name of a namespace"),
              g.child("selector")
                  .map(s -> SpecDecoder.selector(s, ForbiddenKeys.OF_PODS))
                  .orElse(LabelSelector.EVERYTHING),
              timing(g)));
    }
    for (SpecReader g : r.children(GateKind.RESOURCE.field(), MAX_GATES)) {
      gates.add(
          new WarmUp.Resource(
              notOwn(
                  g,
                  "name",
                  "the name of a resource",
                  Keys::isOwnResource,
                  "resources that this controller does not advertise"),
              timing(g)));
    }
    for (SpecReader g : r.children(GateKind.CSI_DRIVER.field(), MAX_GATES)) {
      gates.add(
          new CsiDriver(g.required("name", QUALIFIED_NAME, "the name of a CSI driver"), timing(g)));
    }
    r.child(GateKind.IMAGES.field()).ifPresent(g -> gates.add(new WarmUp.ImagesPresent(timing(g))));
    r.child(GateKind.CONFIG_APPLIED.field())
        .ifPresent(g -> gates.add(new WarmUp.ConfigApplied(timing(g))));
    Mode mode = mode(r);
    return new WarmUp(
        taintKey,
        r.bool("taintNewNodes"),
        mode,
        r.duration("stableFor").orElse(mode == Mode.CONTINUOUS ? CONTINUOUS_CALM : Duration.ZERO),
        List.copyOf(gates));
  }

  /** A gate must not wait for a value that this controller itself writes. */
  private static String notOwn(
      SpecReader gate, String field, String inWords, Predicate<String> isOurs, String allowed) {
    String value = gate.required(field, QUALIFIED_NAME, inWords);
    if (isOurs.test(value)) {
      gate.problem(gate.path(field) + ForbiddenKeys.refused(value, allowed));
    }
    return value;
  }

  private static Mode mode(SpecReader r) {
    return r.text("mode", MODE, "Bootstrap or Continuous").orElse("Bootstrap").equals("Continuous")
        ? Mode.CONTINUOUS
        : Mode.BOOTSTRAP;
  }

  private static Timing timing(SpecReader gate) {
    String onTimeout =
        gate.text("onTimeout", Pattern.compile("Hold|Release"), "Hold or Release").orElse("Hold");
    return new Timing(
        gate.duration("timeout"), onTimeout.equals("Release") ? OnTimeout.RELEASE : OnTimeout.HOLD);
  }
}
