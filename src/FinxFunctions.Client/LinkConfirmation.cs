namespace FinxFunctions.Client;

internal sealed record LinkConfirmation(string CodeVerifier);
