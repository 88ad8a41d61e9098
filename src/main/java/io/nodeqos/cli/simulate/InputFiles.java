// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads the files of a simulation; each mistake is a CommandException with a sentence. */
final class InputFiles {
  private static final String CRD = "/io/nodeqos/manifests/crd.yaml";

  private InputFiles() {}

  /** The policies of files, and of the YAML and JSON files of directories, by name. */
  static List<PolicyDocument> policies(List<Path> paths) {
    PolicyParser parser = new PolicyParser();
    for (Path path : paths) {
      for (Path file : files(path)) {
        parser.parse(file.toString(), text(file));
      }
    }
    try {
      List<PolicyDocument> all = parser.documents();
      List<String> others =
          all.stream()
              .filter(document -> !isPolicy(document.object()))
              .map(document -> document.origin() + " is no NodeQoSPolicy of nodeqos.io/v1alpha1")
              .toList();
      if (!others.isEmpty()) {
        throw CommandException.badInput("BadPolicyFile", String.join("\n", others));
      }
      return all;
    } catch (InvalidEditsException e) {
      throw CommandException.badInput("BadPolicyFile", e.getMessage()).causedBy(e);
    }
  }

  private static boolean isPolicy(JsonObject object) {
    return object.get("metadata") instanceof JsonObject
        && object.get("spec") instanceof JsonObject
        && new Gson().toJson(object.get("kind")).equals("\"NodeQoSPolicy\"")
        && new Gson().toJson(object.get("apiVersion")).equals("\"nodeqos.io/v1alpha1\"");
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      List<Path> files =
          inside
              .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw CommandException.badInput(
            "BadPolicyFile", path + " has no file that ends with .yaml, .yml or .json");
      }
      return files;
    } catch (IOException e) {
      throw CommandException.badInput("BadPolicyFile", path + " cannot be read: " + e.getMessage())
          .causedBy(e);
    }
  }

  static List<Expectation> expectations(Path file) {
    try {
      return new ExpectationReader(file.toString()).read(text(file));
    } catch (BadExpectations e) {
      throw CommandException.badInput("BadExpectations", e.getMessage()).causedBy(e);
    }
  }

  private static String text(Path file) {
    if (!Files.exists(file)) {
      throw CommandException.badInput("NoSuchFile", file + " does not exist");
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandException.badInput("BadFile", file + " cannot be read: " + e.getMessage())
          .causedBy(e);
    }
  }

  /** Without a file the settings of the dump, else the defaults. */
  static ControllerSettings settings(Optional<Path> file, Optional<String> ofDump) {
    try {
      if (file.isPresent()) {
        return SettingsLoader.load(file.get().toString(), text(file.get())).settings();
      }
      return ofDump.isPresent()
          ? SettingsLoader.load("the settings of the dump", ofDump.get()).settings()
          : new SettingsLoader(Map.of(), Map.of(), Optional.empty()).load().settings();
    } catch (SettingsException e) {
      throw CommandException.badInput("BadSettings", e.getMessage()).causedBy(e);
    }
  }

  /** The CustomResourceDefinition of policies of this program. */
  static JsonObject crd() {
    List<JsonObject> found = new ArrayList<>();
    try (InputStream in = InputFiles.class.getResourceAsStream(CRD)) {
      if (in == null) {
        throw new IllegalStateException("missing class path resource " + CRD);
      }
      Object crd = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      found.add(new Gson().toJsonTree(crd).getAsJsonObject());
    } catch (IOException e) {
      throw new IllegalStateException("class path resource " + CRD + " cannot be read", e);
    }
    return found.get(0);
  }
}
