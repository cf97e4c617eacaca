import { render } from 'preact';
import { App } from './app.js';
import { installKeys } from './shell/keys.js';
import './styles/index.css';

installKeys();
const place = document.getElementById('app');
if (place !== null) render(<App />, place);
