// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.PolicyFiles;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the files of a simulation; each mistake is a CommandException with a sentence. */
final class InputFiles {
  private static final String CRD = "/io/nodeqos/manifests/crd.yaml";

  private InputFiles() {}

  /**
   * The policies of files, and of the YAML and JSON files of directories.
   *
   * @param standardInput is read for {@code -}
   */
  static List<PolicyDocument> policies(List<String> names, InputStream standardInput) {
    try {
      List<PolicyDocument> all = new PolicyFiles(standardInput).read(names).policies();
      List<String> mistakes = new ArrayList<>();
      Map<String, String> origins = new HashMap<>();
      for (PolicyDocument document : all) {
        if (!isPolicy(document.object())) {
          mistakes.add(document.origin() + " is no NodeQoSPolicy of nodeqos.io/v1alpha1");
          continue;
        }
        String name = FleetJson.name(document.object());
        String first = origins.putIfAbsent(name, document.origin());
        if (name.isEmpty()) {
          mistakes.add(document.origin() + " lacks the field metadata.name");
        } else if (first != null) {
          mistakes.add(
              "policy %s is there twice: %s and %s".formatted(name, first, document.origin()));
        }
      }
      if (!mistakes.isEmpty()) {
        throw CommandException.badInput("BadPolicyFile", String.join("\n", mistakes));
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
    } catch (CharacterCodingException e) {
      throw CommandException.badInput("BadFile", file + " is not UTF-8").causedBy(e);
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
    try (InputStream in = InputFiles.class.getResourceAsStream(CRD)) {
      if (in == null) {
        throw new IllegalStateException("missing class path resource " + CRD);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new YamlText(text).documents().get(0).getAsJsonObject();
    } catch (IOException | NotYamlException e) {
      throw new IllegalStateException("class path resource " + CRD + " cannot be read", e);
    }
  }
}
