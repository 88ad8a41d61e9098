// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.cli.demo.cluster.DemoPod;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetDaemonSets;
import io.nodeqos.sim.fleet.FleetPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The text of a {@link DemoSummary}. */
final class DemoTable {
  private static final int MAX_NODES = 5;

  private DemoTable() {}

  /** The plan of the run, and the addresses to observe it. */
  static List<String> header(DemoOptions options, DemoSession session, Expectation expected) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%d nodes join an embedded Kubernetes API; %d of them are to become warm%s.",
            options.nodes(), expected.warm(), exceptFor(expected.stuck())));
    for (ControllerProcess controller : session.controllers()) {
      lines.add(controller.name() + ": process " + controller.pid() + ", log " + controller.log());
    }
    session.jaeger().ifPresent(jaeger -> lines.addAll(jaeger.header()));
    lines.add("");
    return lines;
  }

  /** Commands to inspect the cluster. */
  static List<String> lookFurther(DemoSession session, Set<String> stuck, boolean stay) {
    if (!stay) {
      return List.of("To inspect the nodes with kubectl, and the logs, use --stay.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("All processes run until Ctrl-C. In another terminal:");
    lines.add("  export KUBECONFIG=" + session.kubeconfig());
    lines.add("  kubectl get nqp");
    lines.add(
        "  kubectl get nodes -L "
            + String.join(",", Keys.WARMED_UP, Keys.CONFIG_VERSION, FleetPlan.POOL_LABEL));
    stuck.forEach(node -> lines.add("  kubectl describe node " + node));
    lines.add("  kubectl get daemonsets,pods -n " + FleetDaemonSets.NAMESPACE);
    lines.add(
        "  kubectl get lease -n "
            + DemoCluster.CONTROLLER_NAMESPACE
            + " "
            + DemoLeases.NAME
            + " -w");
    session
        .jaeger()
        .ifPresent(
            jaeger -> lines.add("  hack/nodeqos trace --jaeger " + jaeger.query() + " NODE"));
    Optional<String> leader =
        session.leases().current().map(held -> LeaderTerms.podName(held.holder()));
    for (ControllerProcess one : session.controllers()) {
      if (one.exitCode().isEmpty()) {
        session
            .adminUrl(one)
            .ifPresent(
                url -> lines.add("  hack/nodeqos status --url " + url + "  # " + one.name()));
        if (leader.equals(Optional.of(one.name()))) {
          lines.add("  kill -9 " + one.pid() + "  # " + one.name() + ", the leader");
        }
      }
    }
    return lines;
  }

  private static String exceptFor(Set<String> stuck) {
    return stuck.isEmpty()
        ? ""
        : ", all but " + String.join(", ", stuck) + ", whose network agent never becomes Ready";
  }

  /**
   * The aligned table, and below it each node that is not warm with the message of its condition.
   */
  static List<String> lines(DemoSummary summary, Set<String> stuck) {
    DemoSummary.Nodes nodes = summary.nodes();
    DemoSummary.Writes writes = summary.writes();
    List<String> lines = new ArrayList<>();
    lines.add(row("nodes", nodes.joined(), leftOut(stuck)));
    lines.add(row("configured", nodes.configured(), ""));
    lines.add(row("warm", nodes.warm() + "/" + nodes.expected(), ""));
    lines.add(
        row(
            "time to all warm",
            seconds(summary.timeToAllWarm()),
            "from the first registration to the last mark"));
    lines.add(row("time to warm", "", DemoView.timesToWarm(summary.timesToWarm())));
    lines.add(
        row(
            "writes per node",
            String.format(Locale.ROOT, "%.2f", writes.perNode()),
            "at most "
                + writes.most()
                + "; "
                + writes.overBudget().size()
                + " nodes over the budget of 4 and 1 more per 10 s waited"));
    lines.add(
        row(
            "writes after convergence",
            writes.afterConvergence().map(String::valueOf).orElse("-"),
            "in " + DemoSummary.OBSERVATION_PERIOD.toSeconds() + " s"));
    leadership(summary.leadership(), lines);
    writes.overBudget().stream()
        .limit(MAX_NODES)
        .forEach(budget -> lines.add("over budget: " + budget.explain()));
    lines.addAll(notWarm(summary.notWarm(), stuck));
    return lines;
  }

  private static void leadership(DemoLeadership leadership, List<String> lines) {
    lines.add(
        row(
            "leader terms",
            leadership.leaders().size(),
            leadership.leaders().stream()
                .map(LeaderTerms::podName)
                .collect(Collectors.joining(", then "))));
    leadership
        .failover()
        .ifPresent(
            failover -> {
              lines.add(
                  row(
                      "failover gap",
                      seconds(failover.gap()),
                      failover.kind()
                          + ": from the old leader's last write to a node to the new one's first"));
              lines.add(
                  row(
                      "since the last renewal",
                      seconds(failover.sinceRenewal()),
                      "to the same write; the lease duration is "
                          + DemoPod.ELECTION.leaseDuration().toSeconds()
                          + " s"));
              lines.add(
                  row(
                      "needless after failover",
                      failover.needlessWrites(),
                      "writes to converged nodes; " + failover.lists() + " lists"));
            });
    lines.add(
        row(
            "overlapping writes",
            leadership.overlappingWrites(),
            "by a replica that no longer led; "
                + leadership.lateWrites()
                + " more were in flight"));
  }

  private static String seconds(Optional<Duration> duration) {
    return duration.map(DemoView::seconds).orElse("-");
  }

  private static List<String> notWarm(List<State> nodes, Set<String> stuck) {
    List<String> lines = new ArrayList<>();
    for (State node : nodes.subList(0, Math.min(MAX_NODES, nodes.size()))) {
      lines.add("");
      lines.add(
          node.name() + (stuck.contains(node.name()) ? " waits, as expected" : " is not warm"));
      lines.add(
          node.condition().reason().isEmpty()
              ? "  without the condition " + Keys.WARMED_UP_CONDITION
              : "  " + node.condition().reason() + ": " + node.condition().message());
    }
    if (nodes.size() > MAX_NODES) {
      lines.add("");
      lines.add("and " + (nodes.size() - MAX_NODES) + " more nodes are not warm");
    }
    return lines;
  }

  private static String leftOut(Set<String> stuck) {
    return stuck.isEmpty()
        ? ""
        : stuck.size()
            + " of them not expected to become warm, as its network agent never becomes Ready";
  }

  private static String row(String label, Object value, String note) {
    return String.format(Locale.ROOT, "%-26s%10s   %s", label, value, note).stripTrailing();
  }
}
