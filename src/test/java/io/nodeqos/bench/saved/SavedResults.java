// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.saved;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.nodeqos.bench.report.Figure.Better;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The content of a file of {@code hack/bench --json}.
 *
 * @param machine a line about it
 * @param failed scenarios that did not come to their end
 */
public record SavedResults(String machine, boolean quick, List<String> failed, List<Setup> setups) {
  /**
   * One setup of a scenario.
   *
   * @param rows figures and counts
   */
  public record Setup(String scenario, String name, List<Row> rows) {
    Optional<Row> row(String what) {
      return rows.stream().filter(row -> row.what().equals(what)).findFirst();
    }
  }

  /**
   * A figure or a count.
   *
   * @param value NaN when it could not be measured
   * @param goal the goal of a figure or the right values of a count, "" for none
   * @param met empty without a goal
   */
  public record Row(
      String what,
      boolean isCount,
      double value,
      String unit,
      String goal,
      Optional<Boolean> met,
      Better better) {
    boolean missed() {
      return met.isPresent() && !met.get();
    }
  }

  /** Reads one. */
  public static SavedResults read(Path file) throws BadResultsException {
    try {
      JsonObject all = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      JsonObject machine = field(all, "machine").getAsJsonObject();
      List<Setup> setups = new ArrayList<>();
      for (JsonElement result : field(all, "results").getAsJsonArray()) {
        setups.add(setup(result.getAsJsonObject()));
      }
      return new SavedResults(
          "%d cores, %s, %d MiB, %s"
              .formatted(
                  field(machine, "cores").getAsInt(),
                  text(machine, "cpu"),
                  field(machine, "memoryMiB").getAsLong(),
                  text(machine, "java")),
          field(all, "quick").getAsBoolean(),
          all.has("failures")
              ? List.copyOf(field(all, "failures").getAsJsonObject().keySet())
              : List.of(),
          List.copyOf(setups));
    } catch (IOException e) {
      throw new BadResultsException(file + " cannot be read.", e);
    } catch (JsonSyntaxException e) {
      throw new BadResultsException(file + " is not JSON.", e);
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | IllegalArgumentException e) {
      throw new BadResultsException(
          file + " is not a file of hack/bench --json: " + e.getMessage() + ".", e);
    }
  }

  private static Setup setup(JsonObject result) {
    List<Row> rows = new ArrayList<>();
    for (JsonElement figure : field(result, "figures").getAsJsonArray()) {
      rows.add(figure(figure.getAsJsonObject()));
    }
    for (JsonElement count : field(result, "counts").getAsJsonArray()) {
      rows.add(count(count.getAsJsonObject()));
    }
    return new Setup(text(result, "scenario"), text(result, "setup"), List.copyOf(rows));
  }

  private static Row figure(JsonObject figure) {
    String unit = text(figure, "unit");
    String goal = figure.has("goal") ? text(figure, "goal") : "";
    return new Row(
        text(figure, "name"),
        false,
        field(figure, "value").isJsonNull() ? Double.NaN : field(figure, "value").getAsDouble(),
        unit,
        goal,
        figure.has("met") ? Optional.of(field(figure, "met").getAsBoolean()) : Optional.empty(),
        better(figure, unit, goal));
  }

  /** Files of earlier versions do not say it. */
  private static Better better(JsonObject figure, String unit, String goal) {
    if (figure.has("better")) {
      return Better.valueOf(text(figure, "better").toUpperCase(Locale.ROOT));
    }
    return goal.isEmpty()
        ? Better.ofUnit(unit)
        : goal.startsWith("at most") ? Better.LOWER : Better.HIGHER;
  }

  private static Row count(JsonObject count) {
    return new Row(
        text(count, "name"),
        true,
        field(count, "value").getAsDouble(),
        "",
        text(count, "expected"),
        Optional.of(field(count, "right").getAsBoolean()),
        Better.NEITHER);
  }

  private static String text(JsonObject object, String field) {
    return field(object, field).getAsString();
  }

  private static JsonElement field(JsonObject object, String name) {
    if (!object.has(name)) {
      throw new JsonParseException("it has no " + name);
    }
    return object.get(name);
  }

  /** The same setup of the same scenario. */
  Optional<Setup> setup(Setup like) {
    return setups.stream()
        .filter(s -> s.scenario().equals(like.scenario()) && s.name().equals(like.name()))
        .findFirst();
  }
}
