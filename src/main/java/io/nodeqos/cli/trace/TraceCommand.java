// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos trace}: where the time of a warm-up, or of one reconcile, went. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = {
      "Shows where the time of a node's last warm-up went, gate by gate, or one other trace, from"
          + " Jaeger.",
      "",
      "A warm-up has a trace once it has ended. An id is the trace_id of a log line, or the whole"
          + " annotation nodeqos.io/traceparent of a Node."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The trace is shown.",
      ExitCodes.FAILED + ":The trace does not exist, or Jaeger does not answer.",
      ExitCodes.BAD_INPUT_LINE
    })
public final class TraceCommand implements Callable<Integer> {
  private static final Pattern TRACE_ID =
      Pattern.compile("(?:00-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?");

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Which which;

  /** One of them. */
  static final class Which {
    @Parameters(index = "0", paramLabel = "NODE", description = "The node of the warm-up.")
    private String node;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "A trace by its id, instead of a node's warm-up.")
    private String id;
  }

  @Option(
      names = "--jaeger",
      paramLabel = "URL",
      description =
          "Address of Jaeger's query API, such as http://127.0.0.1:16686. Without it the Service"
              + " jaeger in the controller's namespace is asked through the API server, which needs"
              + " the permission services/proxy.")
  private URI jaeger;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "node-qos-controller",
      description = "The service.name of the controller (default ${DEFAULT-VALUE}).")
  private String service;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOptions output;

  @Option(names = "--svg", paramLabel = "FILE", description = "Also draw the trace into this file.")
  private Path svg;

  @Override
  public Integer call() throws InterruptedException {
    JaegerSource source = source();
    Optional<Trace> found;
    try {
      found = find(new JaegerQuery(source));
    } catch (IOException e) {
      throw CommandException.failed(
              "NoJaeger", "no Jaeger answers at " + source.describe() + " (" + reason(e) + ")")
          .causedBy(e);
    }
    if (found.isEmpty()) {
      throw CommandException.failed(
          "NotFound",
          "Jaeger at "
              + source.describe()
              + (which.id == null
                  ? " has no completed warm-up of " + which.node
                  : " has no trace " + which.id));
    }
    output.print("Trace", found.get()::toJson, format -> TraceText.lines(found.get()));
    try {
      if (svg != null) {
        Files.writeString(svg, TraceSvg.of(found.get()));
      }
    } catch (IOException e) {
      throw CommandException.failed(
              "NotWritten", "--svg " + svg + " cannot be written (" + reason(e) + ")")
          .causedBy(e);
    }
    return ExitCodes.DONE;
  }

  private JaegerSource source() {
    if (jaeger == null) {
      return new JaegerService(cluster);
    }
    if (jaeger.getScheme() == null || !jaeger.getScheme().startsWith("http")) {
      throw new ParameterException(
          spec.commandLine(), "--jaeger " + jaeger + " is not an http address");
    }
    return new JaegerAddress(jaeger);
  }

  private Optional<Trace> find(JaegerQuery query) throws IOException, InterruptedException {
    if (which.id == null) {
      return query.warmUp(service, which.node, TimeSource.system().wallTime());
    }
    Matcher id = TRACE_ID.matcher(which.id);
    if (!id.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--id " + which.id + " is neither 32 hexadecimal digits nor a traceparent");
    }
    return query.trace(id.group(1));
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "its directory does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
