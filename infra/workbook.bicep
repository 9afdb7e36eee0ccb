// The workbook: are tokens safe, does finX work, who waits, what is due.
param name string
param location string
param tags object
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'finx workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'FinxFunctions ${name}'
    category: 'workbook'
    sourceId: workspace.id
    serializedData: loadTextContent('workbook.json')
  }
}
