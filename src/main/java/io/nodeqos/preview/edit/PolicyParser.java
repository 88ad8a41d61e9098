// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the documents of YAML or JSON texts, and collects their mistakes. Not thread-safe. */
public final class PolicyParser {
  private final List<PolicyDocument> documents = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads a text.
   *
   * @param origin names it in sentences, such as the file
   */
  public void parse(String origin, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonElement> found = new ArrayList<>();
    try {
      Gson gson = new Gson();
      for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
        if (document != null) {
          found.add(gson.toJsonTree(document));
        }
      }
    } catch (MarkedYAMLException e) {
      String line = e.getProblemMark() == null ? "" : ":" + (e.getProblemMark().getLine() + 1);
      problems.add(origin + line + ": is not YAML: " + e.getProblem());
      return;
    } catch (YAMLException e) {
      problems.add(origin + ": is not YAML: " + e.getMessage().lines().findFirst().orElse(""));
      return;
    }
    if (found.isEmpty()) {
      problems.add(origin + " has no object");
    }
    for (int i = 0; i < found.size(); i++) {
      add(found.size() == 1 ? origin : origin + ", document " + (i + 1), found.get(i));
    }
  }

  /** Adds the mistake of a text that could not be read. */
  public void problem(String sentence) {
    problems.add(sentence);
  }

  private void add(String origin, JsonElement element) {
    if (!element.isJsonObject()) {
      problems.add(origin + ": must be an object");
      return;
    }
    JsonObject object = element.getAsJsonObject();
    if (object.get("items") instanceof JsonArray items && isList(object)) {
      for (int i = 0; i < items.size(); i++) {
        add(origin + ", items[" + i + "]", items.get(i));
      }
      return;
    }
    documents.add(new PolicyDocument(origin, object));
  }

  private static boolean isList(JsonObject object) {
    return object.get("kind") instanceof JsonPrimitive kind && kind.getAsString().endsWith("List");
  }

  /**
   * All documents, in the order of the texts.
   *
   * @throws InvalidEditsException when a text has a mistake
   */
  public List<PolicyDocument> documents() throws InvalidEditsException {
    if (!problems.isEmpty()) {
      throw new InvalidEditsException(problems);
    }
    return List.copyOf(documents);
  }
}
