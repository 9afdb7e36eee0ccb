// The smallest deployment: no instance is always ready, nothing is private, one copy in one place. For finX's sandbox.
using 'main.bicep'

param name = 'dev'
param location = 'germanywestcentral'
param finx = {
  baseAddress: 'https://api.finx-s.qwist.cloud'
  clientId: readEnvironmentVariable('FINX_CLIENT_ID', 'set-FINX_CLIENT_ID')
}
param allowedReturnUris = split(readEnvironmentVariable('FINX_RETURN_URIS', 'https://localhost'), ',')
param operatorId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param watch = {
  email: []
  silence: 'PT1H'
  reconsentsPerHour: 10
  serverErrorPercent: 20
}
param retentionDays = 30
