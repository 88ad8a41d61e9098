// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.dump;

import com.google.gson.JsonArray;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.Version;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaOptions;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.dump.ClusterDumper;
import io.nodeqos.kube.dump.DumpInfo;
import io.nodeqos.kube.dump.DumpRedactor;
import io.nodeqos.kube.dump.Spool;
import io.nodeqos.kube.snapshot.Reading;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nodeqos dump}: the state of a cluster in a file. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    description = {
      "Writes everything that the controller decides by into a file, for a bug report or for commands"
          + " without the cluster. It is a tar.gz that only its owner can read.",
      "",
      "In it: nodes, CSINodes, names and own labels of namespaces, pods and DaemonSets of reserved"
          + " namespaces, policies and their revisions, the pods of image pulls, the Lease, the"
          + " settings, the Events of the controller, the history of a replica, and of all other pods those that request"
          + " extended resources of the controller, with nothing but name, node and requests.",
      "",
      "Left out: annotations of others, environment variables, commands, arguments, messages of"
          + " containers. Secrets are not read."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The dump is written; parts that the user must not read are named.",
      ExitCodes.FAILED + ":The cluster cannot be read, or the file cannot be written.",
      ExitCodes.BAD_INPUT_LINE
    })
public final class DumpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster;

  @Mixin private ReplicaOptions replica;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The file; - for standard output.")
  private String output;

  @Option(
      names = "--redact",
      description =
          "Replace the names of nodes, pods, namespaces, DaemonSets and policies by hashes, each by"
              + " the same one everywhere.")
  private boolean redact;

  @Override
  public Integer call() throws IOException {
    DumpFile file = DumpFile.named(output);
    ApiClients clients = cluster.clients();
    SnapshotReader reader = SnapshotReader.of(clients.watch(), Pauses.system(), this::progress);
    Reading<Controller> controller = reader.controller(cluster.namespace());
    Set<String> missing = new LinkedHashSet<>(controller.missing());
    Wanted wanted =
        new Wanted(controller.value(), settings(controller.value().settings(), missing), true);
    Optional<JsonArray> history =
        new DumpedHistory(new ReplicaAccess(cluster, replica)).read(missing);
    try (Spool spool = Spool.create()) {
      DumpInfo info =
          ClusterDumper.of(clients.watch(), Pauses.system(), this::progress)
              .dump(wanted, Version.current(), history, spool);
      missing.addAll(info.missing());
      write(spool, info.withMissing(List.copyOf(missing)), file);
      missing.forEach(this::remark);
      print(DumpSummary.of(info).sentence(redact), file);
    }
    return ExitCodes.DONE;
  }

  /** The reserved namespaces of the settings; the defaults when the controller refuses them. */
  private KubeSettings settings(Optional<String> yaml, Set<String> missing) {
    if (yaml.isEmpty()) {
      return KubeSettings.defaults();
    }
    try {
      return SettingsLoader.load("config.yaml", yaml.get()).settings().kube();
    } catch (SettingsException e) {
      missing.add(
          "The settings are not valid, so that the reserved namespaces are those with the label"
              + " and kube-system: "
              + e.getMessage().lines().findFirst().orElse(""));
      return KubeSettings.defaults();
    }
  }

  private void write(Spool spool, DumpInfo info, DumpFile file) throws IOException {
    if (!redact) {
      file.write(out -> spool.writeTo(out, info));
      return;
    }
    try (Spool hashed = Spool.create()) {
      DumpInfo redacted = DumpRedactor.redact(spool, info, hashed);
      file.write(out -> hashed.writeTo(out, redacted));
    }
  }

  private void print(String sentence, DumpFile file) {
    PrintWriter out =
        file.isStandardOutput() ? spec.commandLine().getErr() : spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
  }

  private void progress(String list, int objects) {
    remark(String.format(Locale.ROOT, "reading %s: %,d so far", list, objects));
  }

  private void remark(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("nodeqos: " + sentence);
    err.flush();
  }
}
