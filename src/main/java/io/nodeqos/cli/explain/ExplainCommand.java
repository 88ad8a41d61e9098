// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.command.TimeoutOption;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaOptions;
import io.nodeqos.text.TextFormat;
import io.nodeqos.time.Pauses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos explain}: why a node is not warm, and the next steps. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Explains why a node is not warm: the first line has the reason, the second the next step.",
      "",
      "The leader answers, through the API server. When no replica can be reached, the answer is"
          + " worked out from the API server alone, and its end says which facts it lacks.",
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The node is warm; with --all or --policy, there are nodes and all are.",
      ExitCodes.FAILED + ":There is no such node or policy, or the API server does not answer.",
      ExitCodes.BAD_INPUT_LINE,
      ExitCodes.WAITING
          + ":The node is not warm, also one that no policy warms up; with --watch, at the timeout."
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final Pattern OBJECT_NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Which which;

  /** One of them. */
  static final class Which {
    @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
    private String node;

    @Option(
        names = "--policy",
        paramLabel = "NAME",
        description = "Why nodes of this policy are not warm, summed by cause.")
    private String policy;

    @Option(names = "--all", description = "Why nodes are not warm, summed by cause.")
    private boolean all;
  }

  @Option(
      names = {"-w", "--watch"},
      description =
          "Ask again every two seconds until the node is warm. A terminal shows the whole answer; a"
              + " pipe gets one line for each change.")
  private boolean watch;

  @Mixin private TimeoutOption timeout;

  @Option(
      names = "--dump",
      paramLabel = "FILE",
      description =
          "Answer from a file of nodeqos dump, without a cluster, at the time it was taken.")
  private Path dump;

  @Mixin private ClusterOptions cluster;

  @Mixin private ReplicaOptions replica;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    Duration limit = timeout.limit(watch);
    ExplainQuestion question = question();
    if (dump != null) {
      if (watch) {
        throw new ParameterException(spec.commandLine(), "--dump and --watch exclude each other");
      }
      return print(new DumpExplain(dump).ask(question));
    }
    Pauses pauses = Pauses.system();
    ReplicaExplain leader = new ReplicaExplain(() -> new ReplicaAccess(cluster, replica));
    ServerExplain server = new ServerExplain(cluster, pauses);
    ExplainSource source = (asked, format) -> ask(asked, format, leader, server);
    if (watch) {
      return new ExplainWatch(source, output, pauses).until(question, limit)
          ? ExitCodes.DONE
          : ExitCodes.WAITING;
    }
    return print(source.ask(question, output.text()));
  }

  /** An empty name, such as that of a variable without a value, must not mean all nodes. */
  private ExplainQuestion question() {
    if (which.node != null) {
      return new ExplainQuestion(named("NODE", which.node), "");
    }
    return which.policy == null
        ? new ExplainQuestion("", "")
        : new ExplainQuestion("", named("--policy", which.policy));
  }

  private static String named(String what, String name) {
    if (!OBJECT_NAME.matcher(name).matches()) {
      throw CommandException.badInput(
          "BadName",
          what
              + " is \""
              + name
              + "\", but a name has 1 to 253 lower-case letters, digits, '-' and '.', and starts and"
              + " ends with a letter or digit");
    }
    return name;
  }

  private int print(ExplainAnswer answer) {
    output.print(answer.kind(), answer::body, answer.lines());
    return answer.isWarm() ? ExitCodes.DONE : ExitCodes.WAITING;
  }

  private static ExplainAnswer ask(
      ExplainQuestion question, TextFormat format, ReplicaExplain leader, ServerExplain server) {
    ReplicaExplain.Reply reply = leader.ask(question, format);
    return reply.answer().orElseGet(() -> server.ask(question, reply.problem()));
  }
}
