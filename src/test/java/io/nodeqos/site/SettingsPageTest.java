// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsTable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
  @Test
  void pageListsTheSettings() throws IOException {
    new GeneratedPage("settings.md")
        .assertHolds(SettingsTable.markdown(ControllerSettings.catalogue()));
  }
}
