// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonIOException;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads texts in YAML or JSON as an API server would get them: times stay text. */
public final class DocumentTexts {
  private static final int MAX_CHARACTERS = 64 * 1024 * 1024;
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
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_CHARACTERS);
    List<JsonElement> documents = new ArrayList<>();
    try {
      DumperOptions dumper = new DumperOptions();
      Yaml yaml =
          new Yaml(
              new SafeConstructor(options),
              new Representer(dumper),
              dumper,
              options,
              new TextForTimes());
      for (Object document : yaml.loadAll(text)) {
        documents.add(GSON.toJsonTree(document));
      }
    } catch (MarkedYAMLException e) {
      String line =
          e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1);
      problems.add(where + line + " is not YAML: " + e.getProblem());
      return List.of();
    } catch (YAMLException | JsonIOException | IllegalArgumentException e) {
      problems.add(where + " is not YAML: " + e.getMessage());
      return List.of();
    } catch (StackOverflowError e) {
      // The depth of a text is limited already.
      problems.add(where + " is not YAML for an API server: an alias contains itself");
      return List.of();
    }
    return documents;
  }

  /** Keeps times as text, as JSON has them. */
  private static final class TextForTimes extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern regexp, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, regexp, first, limit);
      }
    }
  }
}
