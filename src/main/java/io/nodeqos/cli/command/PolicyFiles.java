// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import io.nodeqos.preview.edit.PolicyParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads policies from files, directories and standard input, as kubectl apply does. */
public final class PolicyFiles {
  /** As kubectl has it. */
  private static final String STANDARD_INPUT = "-";

  private static final Set<String> EXTENSIONS = Set.of("yaml", "yml", "json");

  private final InputStream standardInput;

  public PolicyFiles(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  /** All documents, and each mistake of each file. */
  public PolicyParser read(List<String> names) {
    PolicyParser parser = new PolicyParser();
    for (String name : names) {
      if (name.equals(STANDARD_INPUT)) {
        readStandardInput(parser);
      } else if (Files.isDirectory(Path.of(name))) {
        readDirectory(parser, Path.of(name));
      } else {
        readFile(parser, Path.of(name));
      }
    }
    return parser;
  }

  private void readStandardInput(PolicyParser parser) {
    try {
      parser.parse(
          "standard input", new String(standardInput.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      parser.problem("standard input cannot be read: " + e.getMessage());
    }
  }

  private static void readDirectory(PolicyParser parser, Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files = entries.filter(PolicyFiles::isManifest).sorted().toList();
      if (files.isEmpty()) {
        parser.problem(directory + " has no file *.yaml, *.yml or *.json");
      }
      files.forEach(file -> readFile(parser, file));
    } catch (IOException e) {
      parser.problem(directory + " cannot be read: " + e.getMessage());
    }
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static void readFile(PolicyParser parser, Path file) {
    if (!Files.exists(file)) {
      parser.problem(file + " does not exist");
      return;
    }
    try {
      parser.parse(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      parser.problem(file + " is not UTF-8");
    } catch (IOException e) {
      parser.problem(file + " cannot be read: " + e.getMessage());
    }
  }
}
