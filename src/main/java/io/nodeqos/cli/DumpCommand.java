// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonArray;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.Version;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaOptions;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.snapshot.ClusterDumper;
import io.nodeqos.kube.snapshot.DumpInfo;
import io.nodeqos.kube.snapshot.DumpRedactor;
import io.nodeqos.kube.snapshot.Reading;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Spool;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.time.Pauses;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
final class DumpCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

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
      write(spool, info.withMissing(List.copyOf(missing)));
      missing.forEach(this::remark);
      print(DumpSummary.of(info).sentence(redact));
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

  private void write(Spool spool, DumpInfo info) throws IOException {
    if (!redact) {
      writePlain(spool, info);
      return;
    }
    try (Spool redacted = Spool.create()) {
      writePlain(redacted, DumpRedactor.redact(spool, info, redacted));
    }
  }

  private void writePlain(Spool spool, DumpInfo info) throws IOException {
    if (output.equals(STANDARD_OUTPUT)) {
      try {
        // System.out would hide a failure.
        spool.writeTo(new FileOutputStream(FileDescriptor.out), info);
      } catch (IOException e) {
        throw CommandException.failed("CannotWrite", "-o - cannot be written: " + e.getMessage())
            .causedBy(e);
      }
      return;
    }
    Path target = Path.of(output).toAbsolutePath();
    Path unfinished;
    try {
      unfinished = Files.createTempFile(target.getParent(), ".nodeqos-dump", "");
    } catch (IOException e) {
      throw CommandException.failed(
              "CannotWrite", "-o: no file can be made in " + target.getParent())
          .causedBy(e);
    }
    try {
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        spool.writeTo(out, info);
      }
      move(unfinished, target);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void print(String sentence) {
    PrintWriter out =
        output.equals(STANDARD_OUTPUT) ? spec.commandLine().getErr() : spec.commandLine().getOut();
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
