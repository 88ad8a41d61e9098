// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.OptionalCommand;
import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.cli.demo.cluster.RunDirectory;
import io.nodeqos.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nodeqos class-archive}, for hack/nodeqos and the image: runs a controller for a few
 * simulated nodes, and lets its JVM write the loaded classes to a file at its end (class data
 * sharing, JEP 350). A JVM with the file maps them into memory, while a JVM without it unpacks,
 * reads and verifies them.
 */
@Command(
    name = "class-archive",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = {
      "Writes an archive of the controller's classes, for a faster start with"
          + " -XX:SharedArchiveFile=FILE.",
      "",
      "The archive is for this JVM and for these jars at this place: a JVM that finds another one"
          + " goes on without the archive."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The archive is written.",
      "1:The archive could not be made.",
      "2:Bad arguments."
    })
public final class ClassArchiveCommand implements OptionalCommand {
  private static final int NODES = 8;
  private static final long WARM_SECONDS = 120;
  private static final long END_SECONDS = 120;
  private static final long PAUSE_MILLIS = 100;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The file to write.")
  private Path file;

  @Option(
      names = "--list",
      description =
          "Write only a list of the classes, as text: java -Xshare:dump makes the same archive of the"
              + " same list, byte by byte. For the build of an image.")
  private boolean list;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunDirectory directory = RunDirectory.create("node-qos-archive-");
    // Beside the file, so that no reader ever finds a partial one.
    Path unfinished = file.toAbsolutePath().resolveSibling(file.getFileName() + ".unfinished");
    try (DemoSession session = new DemoSession(directory.path())) {
      DemoSession.Started started =
          session.start(
              new DemoOptions(NODES, 1, false, 1, false, Optional.empty()),
              list
                  ? List.of("-XX:DumpLoadedClassList=" + unfinished, "-Xshare:off")
                  : List.of("-XX:ArchiveClassesAtExit=" + unfinished, "-Xshare:auto"));
      started.fleet().start();
      int wanted = started.expectation().warm();
      if (!await(WARM_SECONDS, () -> warm(session) >= wanted)) {
        return failed("the simulated nodes did not become warm", session, directory);
      }
      ControllerProcess controller = session.controllers().get(0);
      controller.terminate();
      if (!await(END_SECONDS, () -> controller.exitCode().isPresent())) {
        return failed("the controller did not end", session, directory);
      }
      if (!Files.exists(unfinished)) {
        return failed("the JVM wrote no file", session, directory);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      return CommandLine.ExitCode.OK;
    } finally {
      // The session has ended its processes.
      directory.end();
      Files.deleteIfExists(unfinished);
    }
  }

  private static long warm(DemoSession session) {
    return session.board().nodes().stream()
        .filter(node -> node.phase() == NodeBoard.Phase.WARM)
        .count();
  }

  private int failed(String why, DemoSession session, RunDirectory directory) {
    directory.keep();
    spec.commandLine()
        .getErr()
        .println(
            "nodeqos: no class archive: "
                + why
                + "; the controller's log is "
                + session.controllers().get(0).log());
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static boolean await(long seconds, BooleanSupplier reached) throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(seconds));
    while (!reached.getAsBoolean()) {
      if (deadline.isOver()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return true;
  }
}
