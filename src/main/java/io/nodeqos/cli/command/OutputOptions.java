// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import com.google.gson.JsonObject;
import io.nodeqos.text.TextFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the output, and the way to print it. A mixin of each command that prints. */
public final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private OutputFormat format = OutputFormat.TEXT;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      completionCandidates = OutputFormat.Names.class,
      description = "text (the default), wide (all columns, nothing cut), json or yaml.")
  private void output(String name) {
    format =
        OutputFormat.named(name.toLowerCase(Locale.ROOT))
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "-o is " + name + ", must be text, wide, json or yaml"));
  }

  @Option(names = "--json", description = "The same as -o json.")
  private void json(boolean asked) {
    if (asked) {
      format = OutputFormat.JSON;
    }
  }

  public OutputFormat format() {
    return format;
  }

  /** For programs: one object instead of text. */
  public boolean isStructured() {
    return format.isStructured();
  }

  /** How text is printed: width and colours of the terminal, and whether all columns are. */
  public TextFormat text() {
    return Terminal.standard().format(format == OutputFormat.WIDE);
  }

  /**
   * Prints the result of the command.
   *
   * @param kind of the object for programs, such as {@code Status}
   * @param body of that object, without apiVersion and kind
   * @param lines the text for people
   */
  public void print(
      String kind, Supplier<JsonObject> body, Function<TextFormat, List<String>> lines) {
    if (isStructured()) {
      printObject(kind, body.get());
    } else {
      printLines(lines.apply(text()));
    }
  }

  /** Prints one object as JSON or YAML. */
  public void printObject(String kind, JsonObject body) {
    PrintWriter out = command.commandLine().getOut();
    out.println(new StructuredOutput().text(kind, body, format == OutputFormat.YAML));
    out.flush();
  }

  /** Prints an object of the API, such as a policy, as YAML, or as JSON where that is asked for. */
  public void printManifest(JsonObject object) {
    PrintWriter out = command.commandLine().getOut();
    out.println(new StructuredOutput().manifest(object, format != OutputFormat.JSON));
    out.flush();
  }

  /** Prints one object of a stream, as JSON in one line. */
  public void printLine(String kind, JsonObject body) {
    PrintWriter out = command.commandLine().getOut();
    out.println(new StructuredOutput().line(kind, body));
    out.flush();
  }

  public void printLines(List<String> lines) {
    PrintWriter out = command.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  /** Ends a command that goes on for ever when its output can no longer be written. */
  public void endIfClosed() {
    if (command.commandLine().getOut().checkError()) {
      throw new OutputClosedException();
    }
  }

  /** Prints a remark that is no part of the result: on standard error, so that pipes stay clean. */
  public void remark(String sentence) {
    PrintWriter err = command.commandLine().getErr();
    err.println("nodeqos: " + sentence);
    err.flush();
  }
}
