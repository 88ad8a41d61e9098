// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

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
    List<String> unreadable = new ArrayList<>();
    List<JsonElement> found = new DocumentTexts(unreadable).documents(origin, text);
    problems.addAll(unreadable);
    if (!unreadable.isEmpty()) {
      return;
    }
    long objects = found.stream().filter(document -> !document.isJsonNull()).count();
    int before = documents.size() + problems.size();
    for (int i = 0; i < found.size(); i++) {
      if (!found.get(i).isJsonNull()) {
        add(objects == 1 ? origin : origin + ", document " + (i + 1), found.get(i));
      }
    }
    if (documents.size() + problems.size() == before) {
      problems.add(origin + " has no object");
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

  /**
   * The same without objects of other API groups, as they are beside policies in the directory of a
   * kustomization; but all of them when no policy is there.
   *
   * @throws InvalidEditsException when a text has a mistake
   */
  public List<PolicyDocument> policies() throws InvalidEditsException {
    List<PolicyDocument> own = documents().stream().filter(d -> !d.isOfAnotherGroup()).toList();
    return own.isEmpty() ? documents() : own;
  }

  /** A clause for each object that {@link #policies} leaves out. */
  public List<String> leftOut() throws InvalidEditsException {
    List<PolicyDocument> policies = policies();
    return documents().stream()
        .filter(document -> !policies.contains(document))
        .map(document -> document.origin() + ": " + document.title() + " is no policy")
        .toList();
  }
}
