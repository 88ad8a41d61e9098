// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads texts in YAML or JSON as an API server would get them: times stay text. */
public final class DocumentTexts {
  private static final Pattern PLACE = Pattern.compile("at line (\\d+) column (\\d+)");
  private static final Gson GSON = new Gson();

  private final List<String> problems;

  /**
   * @param problems gets a sentence for each text that is not readable
   */
  public DocumentTexts(List<String> problems) {
    this.problems = problems;
  }

  /**
   * The documents of a text in YAML or JSON; none when it is not readable, which is then reported.
   *
   * @param where the start of a sentence
   */
  public List<JsonElement> documents(String where, String text) {
    // Tabs may indent JSON, and not YAML, of which it is a part otherwise.
    List<String> notJson = new ArrayList<>();
    if (text.stripLeading().startsWith("{")) {
      Optional<JsonElement> json = new DocumentTexts(notJson).json(where, text);
      if (json.isPresent()) {
        return List.of(json.get());
      }
    }
    List<String> notYaml = new ArrayList<>();
    List<JsonElement> documents = new DocumentTexts(notYaml).yaml(where, text);
    problems.addAll(notYaml.isEmpty() || notJson.isEmpty() ? notYaml : notJson);
    return documents;
  }

  /**
   * The only document of a text in JSON, as strict as {@code json.Unmarshal} of Go; empty when it
   * is not readable, which is then reported.
   *
   * @param where the start of a sentence
   */
  public Optional<JsonElement> json(String where, String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = GSON.getAdapter(JsonElement.class).read(reader);
      if (reader.peek() == JsonToken.END_DOCUMENT) {
        return Optional.of(element);
      }
      problems.add(where + " is not JSON: the object ends before the text");
    } catch (EOFException truncated) {
      problems.add(where + " is not JSON: the text ends before the object");
    } catch (JsonParseException | IOException notJson) {
      Matcher place = PLACE.matcher(String.valueOf(notJson.getMessage()));
      String at = place.find() ? ", line " + place.group(1) + ", column " + place.group(2) : "";
      problems.add(where + at + " is not JSON");
    }
    return Optional.empty();
  }

  private List<JsonElement> yaml(String where, String text) {
    try {
      return new YamlText(text).documents();
    } catch (NotYamlException e) {
      String line = e.line().isPresent() ? ", line " + e.line().getAsInt() : "";
      problems.add(where + line + " is not YAML: " + e.getMessage());
      return List.of();
    }
  }
}
