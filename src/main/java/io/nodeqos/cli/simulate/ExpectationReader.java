// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.simulate.Expectation.Nodes;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.store.LabelSelector;
import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the expectations of a YAML file; unknown fields are mistakes. */
final class ExpectationReader {
  private static final String KIND = "Expectations";
  private static final String API_VERSION = "cli.nodeqos.io/v1";
  private static final Set<String> KINDS =
      Set.of("config", "unchanged", "warm", "marksLost", "writesPerNode", "warnings");

  private final String file;

  ExpectationReader(String file) {
    this.file = file;
  }

  /**
   * Reads the text of the file.
   *
   * @throws BadExpectations with a sentence for each expectation that has a mistake
   */
  List<Expectation> read(String text) throws BadExpectations {
    YamlValue whole = new YamlValue(file, "the file", root(text));
    Map<String, YamlValue> fields = whole.fields(Set.of("apiVersion", "kind", "expect"));
    require(fields, "apiVersion", API_VERSION, whole);
    require(fields, "kind", KIND, whole);
    if (!fields.containsKey("expect")) {
      throw whole.mistake("lacks the field expect");
    }
    List<YamlValue> items = fields.get("expect").items();
    if (items.isEmpty()) {
      throw fields.get("expect").mistake("is empty");
    }
    return expectations(items);
  }

  private Node root(String text) throws BadExpectations {
    try {
      return new YamlText(text)
          .root()
          .orElseThrow(() -> new BadExpectations(List.of(file + " is empty")));
    } catch (NotYamlException e) {
      throw new BadExpectations(List.of(e.sentence(file)));
    }
  }

  private static List<Expectation> expectations(List<YamlValue> items) throws BadExpectations {
    List<Expectation> all = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    for (YamlValue item : items) {
      try {
        all.add(expectation(item));
      } catch (BadExpectations e) {
        mistakes.addAll(e.sentences());
      }
    }
    if (!mistakes.isEmpty()) {
      throw new BadExpectations(mistakes);
    }
    return all;
  }

  private static void require(
      Map<String, YamlValue> fields, String name, String wanted, YamlValue whole)
      throws BadExpectations {
    if (!fields.containsKey(name)) {
      throw whole.mistake("lacks the field " + name + ", which must be " + wanted);
    }
    String value = fields.get(name).text();
    if (!value.equals(wanted)) {
      throw fields.get(name).mistake("is " + value + ", must be " + wanted);
    }
  }

  private static Expectation expectation(YamlValue item) throws BadExpectations {
    Map<String, YamlValue> fields = item.fields(KINDS);
    if (fields.size() != 1) {
      throw item.mistake("must have exactly one field");
    }
    Map.Entry<String, YamlValue> only = fields.entrySet().iterator().next();
    YamlValue value = only.getValue();
    return switch (only.getKey()) {
      case "config" -> config(value);
      case "unchanged" -> new Expectation.Unchanged(nodes(value.fields(with())));
      case "warm" -> warm(value);
      case "marksLost" -> {
        Map<String, YamlValue> of = value.fields(with("atMost"));
        yield new Expectation.MarksLost(nodes(of), required(of, "atMost", value).number());
      }
      case "writesPerNode" -> {
        Map<String, YamlValue> of = value.fields(with("atMost"));
        yield new Expectation.WritesPerNode(nodes(of), required(of, "atMost", value).number());
      }
      default -> {
        if (!value.text().equals("none")) {
          throw value.mistake("is " + value.text() + ", must be none");
        }
        yield new Expectation.NoWarnings();
      }
    };
  }

  private static Expectation config(YamlValue value) throws BadExpectations {
    Map<String, YamlValue> of = value.fields(with("path", "is"));
    YamlValue path = required(of, "path", value);
    if (!path.text().matches(ConfigPath.SYNTAX)) {
      throw path.mistake(
          "is " + path.text() + ", must be like quota.classes[gold].cpu.max or images[0]");
    }
    YamlValue is = required(of, "is", value);
    return new Expectation.Config(
        nodes(of), path.text(), is.isNull() ? Optional.empty() : Optional.of(is.text()));
  }

  private static Expectation warm(YamlValue value) throws BadExpectations {
    Map<String, YamlValue> of = value.fields(with("within"));
    YamlValue within = required(of, "within", value);
    try {
      Duration limit = GoDuration.parse(within.text());
      return new Expectation.Warm(nodes(of), limit);
    } catch (IllegalArgumentException e) {
      throw within.mistake("is " + within.text() + ", must be a duration such as 5m");
    }
  }

  private static Set<String> with(String... names) {
    Set<String> all = new java.util.HashSet<>(Set.of(names));
    all.addAll(List.of("node", "selector", "new"));
    return all;
  }

  private static YamlValue required(Map<String, YamlValue> of, String name, YamlValue in)
      throws BadExpectations {
    if (!of.containsKey(name)) {
      throw in.mistake("lacks the field " + name);
    }
    return of.get(name);
  }

  private static Nodes nodes(Map<String, YamlValue> of) throws BadExpectations {
    String node = of.containsKey("node") ? of.get("node").text() : "";
    String selector = of.containsKey("selector") ? of.get("selector").text() : "";
    try {
      LabelSelector.parse(selector);
    } catch (ApiException e) {
      throw of.get("selector").mistake("is " + selector + ", must be like pool=gpu,zone!=a");
    }
    boolean onlyNew = false;
    if (of.containsKey("new")) {
      String text = of.get("new").text();
      if (!text.equals("true") && !text.equals("false")) {
        throw of.get("new").mistake("is " + text + ", must be true or false");
      }
      onlyNew = text.equals("true");
    }
    return new Nodes(node, selector, onlyNew);
  }
}
