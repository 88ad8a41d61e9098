// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Says what was wrong with a command line, or why a command failed: one sentence, and an object of
 * kind {@code Error} on standard output where JSON or YAML is asked for.
 */
public final class Mistakes {
  private static final String CODE = "BadArguments";

  private Mistakes() {}

  /** For a command line and all of its commands, whose help is set in whole words. */
  public static CommandLine handledBy(CommandLine line) {
    return WholeWords.in(line)
        .setParameterExceptionHandler(Mistakes::badArguments)
        .setExecutionExceptionHandler(Mistakes::failed);
  }

  private static int badArguments(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    String sentence = ArgumentSentence.of(e);
    say(line, sentence);
    line.getErr().println("Run '" + line.getCommandSpec().qualifiedName() + " --help'");
    line.getErr().flush();
    object(line, OutputFormat.askedFor(List.of(arguments)), CODE, sentence);
    return ExitCodes.BAD_INPUT;
  }

  private static int failed(Exception e, CommandLine line, ParseResult parsed) throws Exception {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    OutputFormat format = OutputFormat.askedFor(parsed.originalArgs());
    if (e instanceof OutputClosedException) {
      // The standard output has the reason.
      return ExitCodes.DONE;
    }
    if (e instanceof CommandException known) {
      say(line, known.getMessage());
      object(line, format, known.code(), known.getMessage());
      return known.exitCode();
    }
    String sentence = e.getMessage() == null ? e.toString() : e.getMessage();
    say(line, sentence);
    if (e instanceof RuntimeException) {
      // A mistake of this program.
      e.printStackTrace(line.getErr());
      line.getErr().flush();
    }
    object(line, format, e instanceof IOException ? "Failed" : "Internal", sentence);
    return ExitCodes.FAILED;
  }

  private static void say(CommandLine line, String sentence) {
    PrintWriter err = line.getErr();
    err.println("nodeqos: " + sentence);
    err.flush();
  }

  private static void object(CommandLine line, OutputFormat format, String code, String message) {
    if (!format.isStructured()) {
      return;
    }
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("message", message);
    PrintWriter out = line.getOut();
    out.println(new StructuredOutput().text("Error", error, format == OutputFormat.YAML));
    out.flush();
  }
}
