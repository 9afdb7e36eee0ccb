namespace FinxFunctions.Links;

[OptionsValidator]
public sealed partial class LinkOptionsValidator : IValidateOptions<LinkOptions>;
