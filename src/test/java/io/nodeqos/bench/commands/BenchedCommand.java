// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.commands;

import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.e2e.rig.Installation;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program whose runs are compared.
 *
 * @param words what follows the options of the JVM
 * @param replicas of the controller that answer it
 * @param expected the right value of the number that {@link Kind#result} finds
 */
public record BenchedCommand(Kind kind, List<String> words, int replicas, long expected) {

  /** What it does. */
  public enum Kind {
    BARE_LIST("bare list", BareList.USER_AGENT, 0, "nodes", "^(\\d+)"),
    PLAN("plan", "(plan)", 0, "nodes that change", "^(\\d+) of \\d+ nodes? change"),
    DUMP("dump", "(dump)", 0, "nodes in the dump", "^dumped ([\\d,]+) nodes?,"),
    EXPLAIN_ALL(
        "explain --all", "(explain)", 5, "nodes that are not warm", "^(\\d+) of \\d+ nodes? "),
    EXPLAIN_NODE("explain NODE", "(explain)", 5, "open gates", "^gates +(\\d+) of \\d+ open");

    private final String label;
    private final String userAgent;
    private final int code;
    private final String resultName;
    private final Pattern result;

    Kind(String label, String userAgent, int code, String resultName, String result) {
      this.label = label;
      this.userAgent = userAgent;
      this.code = code;
      this.resultName = resultName;
      this.result = Pattern.compile(result, Pattern.MULTILINE);
    }

    /** A part of the user agent in its requests. */
    String userAgent() {
      return userAgent;
    }

    /** The name for the number that shows that it has seen all. */
    String resultName() {
      return resultName;
    }

    /** That number; fails with the output when there is none, or when the command has failed. */
    long result(CommandRun run) {
      Matcher found = result.matcher(run.out());
      if (run.code() != code || !found.find()) {
        throw new IllegalStateException(
            "%s ended with %d: %s%s".formatted(label, run.code(), run.out(), run.error()));
      }
      return Long.parseLong(found.group(1).replace(",", ""));
    }
  }

  /** Reads the lists that plan reads. */
  static BenchedCommand bareList(Path kubeconfig, long nodes) {
    return new BenchedCommand(
        Kind.BARE_LIST,
        List.of(
            "-cp",
            ControllerJvm.JAR + File.pathSeparator + ownClasses(),
            BareList.class.getName(),
            kubeconfig.toString(),
            Installation.NAMESPACE),
        0,
        nodes);
  }

  private static Path ownClasses() {
    try {
      return Path.of(BareList.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A command of the product's jar, without a replica. */
  static BenchedCommand product(Kind kind, Path kubeconfig, long expected, String... words) {
    List<String> all = new ArrayList<>(List.of("-jar", ControllerJvm.JAR.toString()));
    all.addAll(List.of(words));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    return new BenchedCommand(kind, List.copyOf(all), 0, expected);
  }

  /** The same, answered by a replica. */
  BenchedCommand by(Controller replica) {
    List<String> more = new ArrayList<>(words);
    more.addAll(List.of("--url", replica.views()));
    return new BenchedCommand(kind, List.copyOf(more), 1, expected);
  }

  /** For the table. */
  String label() {
    return kind.label + (replicas == 0 ? "" : ", by the leader");
  }
}
