// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.config.SettingInfo;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.util.ArrayList;
import java.util.List;

/** Settings as text and as JSON. */
final class SettingsText {
  private static final String INDENT = "    ";

  private SettingsText() {}

  static List<String> lines(List<SettingInfo> settings, TextFormat format) {
    return format.wide() ? table(settings, format) : blocks(settings, format);
  }

  private static List<String> blocks(List<SettingInfo> settings, TextFormat format) {
    List<String> lines = new ArrayList<>();
    for (SettingInfo setting : settings) {
      lines.add(
          format.styled(Style.BOLD, setting.key()) + " (default " + setting.defaultValue() + ")");
      lines.add(INDENT + setting.variable());
      lines.addAll(
          format.wrapped(
              setting.doc()
                  + " Must be "
                  + setting.allowed()
                  + "."
                  + (setting.live() ? " Changes without a restart." : ""),
              INDENT));
    }
    return lines;
  }

  private static List<String> table(List<SettingInfo> settings, TextFormat format) {
    Table table =
        Table.of(
            Column.of("SETTING"),
            Column.of("VARIABLE"),
            Column.of("DEFAULT"),
            Column.of("MUST BE"),
            Column.of("LIVE"),
            Column.of("MEANING"));
    for (SettingInfo setting : settings) {
      table.row(
          setting.key(),
          setting.variable(),
          setting.defaultValue(),
          setting.allowed(),
          setting.live() ? "yes" : "no",
          setting.doc());
    }
    return table.lines(format);
  }

  static JsonObject json(List<SettingInfo> settings) {
    JsonArray list = new JsonArray();
    for (SettingInfo setting : settings) {
      JsonObject json = new JsonObject();
      json.addProperty("key", setting.key());
      json.addProperty("variable", setting.variable());
      json.addProperty("default", setting.defaultValue());
      json.addProperty("mustBe", setting.allowed());
      json.addProperty("live", setting.live());
      json.addProperty("meaning", setting.doc());
      list.add(json);
    }
    JsonObject all = new JsonObject();
    all.add("settings", list);
    return all;
  }
}
