// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.plan;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.Version;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.dump.Dump;
import io.nodeqos.kube.dump.DumpException;
import io.nodeqos.kube.dump.DumpReader;
import io.nodeqos.kube.snapshot.Reading;
import io.nodeqos.kube.snapshot.SnapshotException;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.write.PolicyDryRun;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.plan.PolicyPlan;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Plans edits of the policies of a user's cluster, or of a dump. */
final class PlannedCluster {
  private final ClusterOptions options;
  private final Consumer<String> remarks;

  /**
   * @param remarks receives the progress of a long read
   */
  PlannedCluster(ClusterOptions options, Consumer<String> remarks) {
    this.options = options;
    this.remarks = remarks;
  }

  /** Against the cluster itself, with the help of its API server. */
  PolicyPlan plan(List<PolicyDocument> documents, List<String> deletions)
      throws IOException, InvalidEditsException {
    ApiClients clients = options.clients();
    Pauses pauses = Pauses.system();
    SnapshotReader reader =
        SnapshotReader.of(
            clients.watch(),
            pauses,
            (list, objects) -> remarks.accept("reading " + list + ": " + objects + " so far"));
    try {
      Reading<Controller> controller = reader.controller(options.namespace());
      ControllerSettings settings = settings(controller.value());
      // Its own mistakes, before the long lists.
      PolicyEdits.of(
          documents,
          List.of(),
          List.of(),
          settings.reconcile().startupTaintPrefixes(),
          pauses.time().wallTime());
      Reading<ClusterSnapshot> read =
          reader.read(new Wanted(controller.value(), settings.kube(), false));
      List<String> missing = new ArrayList<>(controller.missing());
      missing.addAll(read.missing());
      ServerCheck check =
          ServerCheck.by(new PolicyDryRun(clients.lease(options.requestTimeout()), pauses.time()));
      PolicyEdits edits = edits(read.value(), settings, documents, deletions, check);
      Optional<List<ExtendedRequest>> requests = Optional.empty();
      if (edits.mayChangeResources()) {
        Reading<Optional<List<ExtendedRequest>>> found = reader.extendedRequests();
        missing.addAll(found.missing());
        requests = found.value();
      }
      return plan(read.value(), settings, edits, requests, check).with(false, missing);
    } catch (SnapshotException e) {
      throw CommandException.failed("ClusterNotReadable", withoutStop(e.getMessage())).causedBy(e);
    }
  }

  /** Against a dump, without a cluster. */
  PolicyPlan plan(Path dump, List<PolicyDocument> documents, List<String> deletions)
      throws IOException, InvalidEditsException {
    try {
      Dump read = new DumpReader(dump).read();
      ControllerSettings settings = settings(read.snapshot().controller());
      ServerCheck check = ServerCheck.withoutServer();
      PolicyEdits edits = edits(read.snapshot(), settings, documents, deletions, check);
      return plan(read.snapshot(), settings, edits, read.snapshot().extendedRequests(), check)
          .with(false, read.info().notes(Version.current()));
    } catch (DumpException e) {
      throw CommandException.badInput("BadDump", e.getMessage()).causedBy(e);
    }
  }

  private static PolicyEdits edits(
      ClusterSnapshot snapshot,
      ControllerSettings settings,
      List<PolicyDocument> documents,
      List<String> deletions,
      ServerCheck check)
      throws IOException, InvalidEditsException {
    return check.edits(documents, deletions, snapshot, settings.reconcile().startupTaintPrefixes());
  }

  private static PolicyPlan plan(
      ClusterSnapshot snapshot,
      ControllerSettings settings,
      PolicyEdits edits,
      Optional<List<ExtendedRequest>> requests,
      ServerCheck check) {
    return planner(snapshot, settings)
        .plan(snapshot.policies(), edits, requests)
        .with(check.isAccepted(), check.notChecked());
  }

  private static ControllerSettings settings(Controller controller) {
    try {
      return SettingsLoader.load("the settings of the controller", controller.settings().orElse(""))
          .settings();
    } catch (SettingsException e) {
      throw CommandException.failed("BadSettings", e.getMessage()).causedBy(e);
    }
  }

  private static PolicyPlanner planner(ClusterSnapshot snapshot, ControllerSettings settings) {
    SnapshotCluster cluster = SnapshotCluster.of(snapshot);
    TimeSource time = TimeSource.of(snapshot::takenAt, () -> 0L);
    return new PolicyPlanner(
        policies ->
            FleetPlanner.of(cluster, policies, settings.reconcile(), settings.spinner(), time),
        new SpinnerSpecs(settings.spinner(), snapshot.controller().namespace()),
        settings.reconcile(),
        settings.kube().writeRate().perSecond(),
        FleetPass.ALL_PROCESSORS);
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
