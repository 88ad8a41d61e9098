// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.text.FleetText;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The output of {@code nodeqos status}.
 *
 * @param lease namespace and name
 * @param state the Lease; empty when there is none or it could not be read
 * @param problem why there is no state; empty with a state
 * @param fleet the state of the nodes
 */
record StatusReport(
    String lease, Optional<LeaseState.Spec> state, String problem, FleetAnswer fleet, Instant now) {

  static StatusReport of(String lease, LeaseResult found, FleetAnswer fleet, Instant now) {
    Optional<LeaseState.Spec> state =
        found instanceof LeaseResult.Ok ok ? Optional.of(ok.state().spec()) : Optional.empty();
    return new StatusReport(lease, state, problem(found), fleet, now);
  }

  private static String problem(LeaseResult found) {
    if (found instanceof LeaseResult.Failed failed) {
      return failed.sentence();
    }
    return found instanceof LeaseResult.NotFound ? "the Lease does not exist" : "";
  }

  /** True when the Lease has a holder and has not expired, by this machine's clock. */
  boolean isLed() {
    return state
        .filter(s -> s.holder() != null)
        .flatMap(this::left)
        .map(d -> !d.isNegative())
        .orElse(false);
  }

  private Optional<Duration> left(LeaseState.Spec s) {
    return s.renewTime() == null || s.leaseDuration() == null
        ? Optional.empty()
        : Optional.of(Duration.between(now, s.renewTime().plus(s.leaseDuration())));
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("lease", lease);
    json.addProperty("led", isLed());
    if (!problem.isEmpty()) {
      json.addProperty("problem", problem);
    }
    state.ifPresent(
        s -> {
          json.addProperty("leader", s.holder() == null ? "" : s.holder());
          json.addProperty("epoch", s.transitions());
          json.addProperty("since", text(s.acquireTime()));
          json.addProperty("lastRenewal", text(s.renewTime()));
        });
    json.addProperty("replica", fleet.source());
    remark().ifPresent(remark -> json.addProperty("remark", remark));
    fleet
        .snapshot()
        .ifPresent(
            s -> {
              for (String part : List.of("nodes", "frozen", "waiting", "pending", "orphanTaints")) {
                json.add(part, s.get(part));
              }
            });
    return json;
  }

  /** What the reader must know about the answer besides. */
  Optional<String> remark() {
    if (!fleet.missing().isEmpty()) {
      // The line of the leader has the problem of the Lease.
      return Optional.of(
          problem.isEmpty() ? fleet.missing() : fleet.missing().replace(": " + problem, ""));
    }
    String holder = state.map(LeaseState.Spec::holder).orElse("");
    Optional<String> leader =
        fleet.snapshot().map(s -> s.get("leader")).map(JsonElement::getAsString);
    return leader
        .filter(name -> !name.isEmpty() && !name.equals(holder))
        .map(
            name ->
                "%s follows the leader %s, but Lease %s names %s: the nodes may be those of another installation"
                    .formatted(fleet.source(), name, lease, holder == null ? "none" : holder));
  }

  List<String> lines(TextFormat format) {
    List<String> lines = new ArrayList<>();
    lines.add(row("lease", lease));
    if (state.isEmpty()) {
      lines.add(row("leader", "unknown: " + problem));
    } else {
      leader(state.get(), lines);
    }
    fleet.snapshot().ifPresent(s -> lines.addAll(FleetText.lines(s, now, format)));
    return lines;
  }

  private void leader(LeaseState.Spec s, List<String> lines) {
    lines.add(row("leader", s.holder() == null ? "none" : s.holder()));
    lines.add(row("epoch", Long.toString(s.transitions())));
    if (s.holder() == null) {
      return;
    }
    if (s.acquireTime() != null) {
      lines.add(
          row(
              "since",
              s.acquireTime().truncatedTo(ChronoUnit.SECONDS)
                  + " ("
                  + ago(s.acquireTime())
                  + " ago)"));
    }
    left(s)
        .ifPresent(
            left ->
                lines.add(
                    row(
                        "renewed",
                        ago(s.renewTime())
                            + " ago, "
                            + (left.isNegative()
                                ? "expired " + GoDuration.format(seconds(left.negated())) + " ago"
                                : "expires in " + GoDuration.format(seconds(left))))));
  }

  private String ago(Instant then) {
    Duration age = Duration.between(then, now);
    return GoDuration.format(seconds(age.isNegative() ? Duration.ZERO : age));
  }

  private static Duration seconds(Duration exact) {
    return Duration.ofSeconds(exact.toSeconds());
  }

  private static String text(Instant time) {
    return time == null ? "" : time.toString();
  }

  private static String row(String name, String value) {
    return String.format("%-10s%s", name, value);
  }
}
