// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.yaml;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** A text in YAML, of which JSON is a part. A key that is there twice is a mistake. */
public final class YamlText {
  private static final int MAX_CHARACTERS = 64 * 1024 * 1024;
  private static final int MAX_DEPTH = 100;

  private final String text;

  public YamlText(String text) {
    this.text = text;
  }

  /**
   * The only document, as nodes that know their places; empty when the text is. No node is there
   * twice by an alias.
   *
   * @throws NotYamlException also for a second document
   */
  public Optional<Node> root() throws NotYamlException {
    LoaderOptions options = options();
    options.setMaxAliasesForCollections(0);
    try {
      return Optional.ofNullable(
          new Yaml(new SafeConstructor(options)).compose(new StringReader(text)));
    } catch (YAMLException e) {
      throw NotYamlException.of(e);
    }
  }

  /** All documents as JSON; an empty one is null. Times stay text. */
  public List<JsonElement> documents() throws NotYamlException {
    LoaderOptions options = options();
    DumperOptions dumper = new DumperOptions();
    Yaml yaml =
        new Yaml(
            new SafeConstructor(options),
            new Representer(dumper),
            dumper,
            options,
            new TextForTimes());
    List<JsonElement> documents = new ArrayList<>();
    try {
      for (Object document : yaml.loadAll(text)) {
        documents.add(json(document, 0));
      }
    } catch (YAMLException e) {
      throw NotYamlException.of(e);
    }
    return documents;
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_CHARACTERS);
    return options;
  }

  private static JsonElement json(Object value, int depth) throws NotYamlException {
    if (depth > MAX_DEPTH) {
      throw new NotYamlException("a value is nested too deeply, or contains itself");
    }
    if (value == null) {
      return JsonNull.INSTANCE;
    }
    if (value instanceof Map<?, ?> map) {
      JsonObject object = new JsonObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        object.add(String.valueOf(entry.getKey()), json(entry.getValue(), depth + 1));
      }
      return object;
    }
    if (value instanceof Iterable<?> list) {
      JsonArray array = new JsonArray();
      for (Object item : list) {
        array.add(json(item, depth + 1));
      }
      return array;
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    if (value instanceof Number number) {
      if (!Double.isFinite(number.doubleValue())) {
        throw new NotYamlException(number + " is no number that JSON has");
      }
      return new JsonPrimitive(number);
    }
    if (value instanceof String string) {
      return new JsonPrimitive(string);
    }
    throw new NotYamlException(
        "a value of type " + value.getClass().getSimpleName() + " is none that JSON has");
  }

  private static final class TextForTimes extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern regexp, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, regexp, first, limit);
      }
    }
  }
}
