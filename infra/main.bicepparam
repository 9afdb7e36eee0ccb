// What `azd up` deploys. `azd env set NAME value` sets the variables that are read here. The README lists them.
using 'main.bicep'

var emails = readEnvironmentVariable('ON_CALL', '')
var apiClientId = readEnvironmentVariable('API_CLIENT_ID', '')

param name = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param finx = {
  baseAddress: readEnvironmentVariable('FINX_BASE_ADDRESS', 'https://api.finx-s.qwist.cloud')
  clientId: readEnvironmentVariable('FINX_CLIENT_ID', 'set-FINX_CLIENT_ID')
}
param callbackAddress = readEnvironmentVariable('FINX_CALLBACK_ADDRESS', '')
param allowedReturnUris = split(readEnvironmentVariable('FINX_RETURN_URIS', 'https://localhost'), ',')
param callers = empty(apiClientId)
  ? { mode: 'FunctionKeys' }
  : {
      mode: 'Entra'
      clientId: apiClientId
      allowedApplications: filter(split(readEnvironmentVariable('ALLOWED_APPLICATIONS', ''), ','), id => !empty(id))
    }
param tokenVaults = int(readEnvironmentVariable('TOKEN_VAULTS', '1'))
param private = bool(readEnvironmentVariable('PRIVATE', 'false'))
param operatorId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param watch = {
  email: empty(emails) ? [] : split(emails, ',')
  silence: 'PT30M'
  reconsentsPerHour: 10
  serverErrorPercent: 10
}
