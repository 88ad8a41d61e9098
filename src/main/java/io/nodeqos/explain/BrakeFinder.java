// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.reconcile.brake.BrakeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Explains warm nodes that are to lose their mark: by the closed gates that the decision remembers.
 * A gate whose answer is unknown takes no mark.
 */
final class BrakeFinder {
  /** It stands in a command, and other writers of the status could put anything there. */
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{1,64}");

  private BrakeFinder() {}

  /** Empty for a warm node that stays so. */
  static Optional<Finding> of(NodeFacts facts, List<GateReading> gates, GateFinder closed) {
    Map<String, Instant> closedSince = facts.seen().memory().closedSince();
    List<GateReading> losing =
        gates.stream()
            .filter(g -> !g.isOpen() && closedSince.containsKey(g.check().name()))
            .toList();
    List<String> leaving = facts.decided().summary().leaving();
    if (losing.isEmpty() && leaving.isEmpty()) {
      return Optional.empty();
    }
    Optional<JsonObject> brake =
        Stream.concat(
                Stream.ofNullable(facts.config().sources().get(Section.WARM_UP)), leaving.stream())
            .flatMap(policy -> braked(facts, policy).stream())
            .findFirst();
    Finding why =
        losing.isEmpty()
            ? Finding.of(
                "Leaving",
                "policy " + String.join(", ", leaving) + " no longer applies to it",
                Advice.command("see the policies", "kubectl get nqp -o wide"))
            : closed.find(losing);
    return Optional.of(
        brake
            .map(b -> held(why, b))
            .orElseGet(
                () ->
                    why.because(
                        why.diagnosis().reason(),
                        "but is about to lose its mark"
                            + dueIn(facts, losing)
                            + ": "
                            + why.diagnosis().why())));
  }

  /** When, unless the gates open before: a clause. */
  private static String dueIn(NodeFacts facts, List<GateReading> losing) {
    return facts.config().sections().warmUp().map(WarmUp::stableFor).stream()
        .flatMap(
            calm ->
                losing.stream()
                    .map(gate -> facts.seen().memory().closedSince().get(gate.check().name()))
                    .map(closed -> Duration.between(facts.seen().now(), closed.plus(calm))))
        .min(Comparator.naturalOrder())
        .filter(left -> left.toSeconds() > 0)
        .map(left -> " in " + GoDuration.format(Duration.ofSeconds(left.toSeconds())))
        .orElse("");
  }

  private static Finding held(Finding why, JsonObject brake) {
    String policy = text(brake, "policy");
    return why.because(
            BrakeStatus.REASON,
            "but only because the brake of policy "
                + policy
                + " is on: "
                + why.diagnosis().why()
                + ", and "
                + text(brake, "nodes")
                + " of "
                + text(brake, "warm")
                + " warm nodes would lose their mark at once")
        .and(
            Advice.command(
                "or confirm that these nodes may lose their marks",
                "kubectl annotate --overwrite nqp "
                    + policy
                    + " "
                    + Keys.CONFIRM
                    + "="
                    + text(brake, "token")));
  }

  /** The unconfirmed brake in the status of a policy, with the policy's name. */
  private static Optional<JsonObject> braked(NodeFacts facts, String policy) {
    return Optional.ofNullable(facts.policies().get(policy))
        .map(PolicyCatalog.Entry::latest)
        .map(latest -> latest.status().get(BrakeStatus.FIELD))
        .filter(JsonElement::isJsonObject)
        .map(brake -> brake.getAsJsonObject().deepCopy())
        .filter(brake -> !text(brake, "confirmed").equals("true"))
        .filter(brake -> TOKEN.matcher(text(brake, "token")).matches())
        .map(
            brake -> {
              brake.addProperty("policy", policy);
              return brake;
            });
  }

  private static String text(JsonObject in, String field) {
    JsonElement value = in.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "?";
  }
}
