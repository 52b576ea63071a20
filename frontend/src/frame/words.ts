/** The words for a person when a lazy part of the page does not come. */
export const NOT_LOADED = "This part of the page could not be loaded. Try again online.";
